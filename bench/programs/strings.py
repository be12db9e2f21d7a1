"""Building, splitting, formatting and replacing text."""
import bench


def work():
    lines = []
    for i in range(3000):
        lines.append(f"{i:05d};name-{i % 13};{i * 0.5:.2f};{'x' * (i % 5)}")
    text = "\n".join(lines)
    total = 0
    for line in text.split("\n"):
        number, name, value, tail = line.split(";")
        total += int(number) + len(name.replace("name", "n").upper()) + int(float(value)) + len(tail.strip("x"))
    out = ""
    for i in range(2000):
        out += chr(97 + i % 26)
    return total, out.count("abc"), hash(out) == hash(out)


bench.run(work)
