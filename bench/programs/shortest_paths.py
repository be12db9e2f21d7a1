"""Dijkstra with heapq, breadth-first search with deque, a union-find."""
import heapq
from collections import defaultdict, deque

import bench


def graph(n):
    edges = defaultdict(list)
    for i in range(n):
        for k in (1, 7, 31):
            edges[i].append(((i * k + 3) % n, i * k % 13 + 1))
            edges[(i + k) % n].append((i, k))
    return edges


def dijkstra(edges, start):
    best, heap = {start: 0}, [(0, start)]
    while heap:
        d, at = heapq.heappop(heap)
        if d > best[at]:
            continue
        for to, weight in edges[at]:
            if d + weight < best.get(to, 1 << 30):
                best[to] = d + weight
                heapq.heappush(heap, (d + weight, to))
    return best


def levels(edges, start):
    seen, todo = {start: 0}, deque([start])
    while todo:
        at = todo.popleft()
        for to, _ in edges[at]:
            if to not in seen:
                seen[to] = seen[at] + 1
                todo.append(to)
    return seen


def find(parents, x):
    while parents[x] != x:
        parents[x] = parents[parents[x]]
        x = parents[x]
    return x


def work():
    edges = graph(400)
    parents = list(range(400))
    for a in range(0, 400, 3):
        for b, _ in edges[a]:
            parents[find(parents, a)] = find(parents, b)
    return (sum(dijkstra(edges, 0).values()), max(levels(edges, 0).values()),
            len({find(parents, x) for x in range(400)}))


bench.run(work)
