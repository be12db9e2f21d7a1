"""Counts the words of a text and greets the most frequent ones.

    dxpy examples/hello.py [FILE]
"""
import sys

TEXT = """
the quick brown fox jumps over the lazy dog, and the dog,
being lazy, lets the fox be quick
"""


def words(text):
    for line in text.splitlines():
        for word in line.split():
            yield word.strip('.,;:!?').lower()


def count(items):
    counts = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    return counts


def main(arguments):
    text = TEXT
    if arguments:
        with open(arguments[0], encoding='utf-8') as file:
            text = file.read()
    ranking = sorted(count(words(text)).items(), key=lambda pair: (-pair[1], pair[0]))
    for word, times in ranking[:3]:
        print(f'Hello, {word}! ({times} times)')
    print(f'{sys.implementation.name} counted {len(ranking)} different words.')


if __name__ == '__main__':
    main(sys.argv[1:])
