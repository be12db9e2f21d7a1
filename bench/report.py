"""The table of a run, its summary, and a plot of the ratios."""
import json
import math
import sys
from xml.sax.saxutils import escape

COLOURS = {'cpython': '#3572a5', 'pypy': '#d08020'}


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float('nan')


class Table:
    def __init__(self, who, title):
        self.who, self.title = who, title
        self.others = [w for w in who if w != 'dxpy']
        self.rows = []   # (name, results)
        self.lines = []

    def say(self, line):
        print(line, flush=True)
        self.lines.append(line)

    def head(self):
        self.say(f'{"program":22}' + ''.join(f'{w + " first":>15}{"best":>12}' for w in self.who) +
                 ''.join(f'{"x " + w:>10}{"first":>7}' for w in self.others) + f'{"peak MB":>20}')

    def add(self, name, results):
        """Whether the checksums differ, or dxpy has none."""
        self.rows.append((name, results))
        line = f'{name:22}'
        for who in self.who:
            r = results.get(who)
            line += f'{r["first"] * 1e3:13.2f}ms{r["best"] * 1e3:10.2f}ms' if r else f'{"-":>15}{"-":>12}'
        for who in self.others:
            line += (f'{self.ratio(results, who, "best"):10.2f}{self.ratio(results, who, "first"):7.2f}'
                     if who in results and 'dxpy' in results else f'{"-":>10}{"-":>7}')
        line += '   ' + ' / '.join(f'{results[w]["peak_kb"] / 1024:.1f}' if w in results else '-' for w in self.who)
        self.say(line)
        sums = {json.dumps(r['checksum']) for r in results.values() if 'checksum' in r}
        if len(sums) > 1:
            print(f'{name}: checksums differ: {sums}', file=sys.stderr)
        return len(sums) > 1

    @staticmethod
    def ratio(results, who, key):
        """More than 1: dxpy is faster."""
        return results[who][key] / results['dxpy'][key]

    def end(self):
        for who in self.others:
            both = [(name, r) for name, r in self.rows if who in r and 'dxpy' in r]
            if not both:
                continue
            best = [self.ratio(r, who, 'best') for _, r in both]
            first = [self.ratio(r, who, 'first') for _, r in both]
            self.say(f'geometric mean of {len(both)}, {who} time / dxpy time: best {mean(best):.2f}, first iteration {mean(first):.2f}')
            slow = sorted((min(b, f), name) for (name, _), b, f in zip(both, best, first))
            below = [f'{name} {value:.2f}' for value, name in slow if value < 0.9]
            if who == 'cpython':
                self.say('  slower than 0.9 times CPython, best or first: ' + (', '.join(below) or 'none'))
                light = sum(r['dxpy']['peak_kb'] <= r[who]['peak_kb'] for _, r in both)
                self.say(f'  peak memory at most CPython\'s: {light} of {len(both)}; geometric mean of CPython / dxpy '
                         f'{mean([r[who]["peak_kb"] / r["dxpy"]["peak_kb"] for _, r in both if r["dxpy"]["peak_kb"]]):.2f}')

    def save(self, table, plot):
        with open(table, 'w') as f:
            f.write('\n'.join(self.lines) + '\n')
        with open(plot, 'w') as f:
            f.write(self.svg())
        print(f'written: {table}, {plot}')

    def svg(self):
        """Bars of the best times' ratios on a logarithmic scale, the line at 1."""
        rows = [(n, {w: self.ratio(r, w, 'best') for w in self.others if w in r}) for n, r in self.rows if 'dxpy' in r]
        values = [v for _, r in rows for v in r.values()] or [1]
        low, high = math.floor(math.log2(min(values + [0.5]))), math.ceil(math.log2(max(values + [2])))
        left, width, step, top = 170, 640, 8 * len(self.others) + 6, 46
        height = top + step * len(rows) + 30

        def x(value):
            return left + (math.log2(value) - low) / (high - low) * width

        out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 60}" height="{height}" font-family="sans-serif" font-size="11">',
               f'<rect width="100%" height="100%" fill="white"/><text x="{left}" y="16">{escape(self.title)}: how many times as fast (best times)</text>']
        for i, who in enumerate(self.others):
            out.append(f'<rect x="{left + 110 * i}" y="24" width="10" height="8" fill="{COLOURS.get(who, "gray")}"/>'
                       f'<text x="{left + 14 + 110 * i}" y="32">than {who}</text>')
        for power in range(low, high + 1):
            at = x(2.0 ** power)
            out.append(f'<line x1="{at:.1f}" y1="{top - 6}" x2="{at:.1f}" y2="{height - 24}" stroke="{"black" if power == 0 else "#ddd"}"/>'
                       f'<text x="{at:.1f}" y="{height - 10}" text-anchor="middle">{2.0 ** power:g}</text>')
        for row, (name, ratios) in enumerate(rows):
            y = top + row * step
            out.append(f'<text x="{left - 6}" y="{y + step / 2 + 1:.1f}" text-anchor="end">{escape(name)}</text>')
            for i, who in enumerate(self.others):
                if who in ratios:
                    a, b = sorted((x(1), x(ratios[who])))
                    out.append(f'<rect x="{a:.1f}" y="{y + 8 * i}" width="{max(b - a, 1):.1f}" height="7" fill="{COLOURS.get(who, "gray")}">'
                               f'<title>{escape(name)}: {ratios[who]:.2f} times {who}</title></rect>')
        return '\n'.join(out) + '\n</svg>\n'
