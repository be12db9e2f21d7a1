"""Records made by dataclasses: construction, comparison, replacement, ordering."""
from dataclasses import dataclass, field, replace

import bench


@dataclass
class Item:
    name: str
    price: int
    tags: list = field(default_factory=list)
    stock: int = 1

    @property
    def value(self):
        return self.price * self.stock


@dataclass(order=True, frozen=True)
class Key:
    group: int
    rank: int


def work():
    items = [Item(f"item{i % 50}", i % 17, stock=i % 5) for i in range(1200)]
    total = 0
    for item in items:
        item.tags.append(item.price)
        total += item.value + len(item.tags)
    same = sum(a == b for a, b in zip(items, items[50:]))
    changed = [replace(item, price=item.price + 1) for item in items[:200]]
    keys = sorted(Key(i % 7, i % 11) for i in range(300))
    return total, same, sum(i.value for i in changed), keys[0].rank, keys[-1].group, len(set(keys))


bench.run(work)
