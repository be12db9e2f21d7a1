"""Float vectors with operator methods: a ray through spheres."""
import math

import bench


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x, self.y, self.z = x, y, z

    def __add__(self, o):
        return Vector(self.x + o.x, self.y + o.y, self.z + o.z)

    def __sub__(self, o):
        return Vector(self.x - o.x, self.y - o.y, self.z - o.z)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k, self.z * k)

    def __neg__(self):
        return Vector(-self.x, -self.y, -self.z)

    def dot(self, o):
        return self.x * o.x + self.y * o.y + self.z * o.z

    def __abs__(self):
        return math.sqrt(self.dot(self))

    def __eq__(self, o):
        return self.x == o.x and self.y == o.y and self.z == o.z


class Sphere:
    def __init__(self, center, radius):
        self.center, self.radius = center, radius

    def hit(self, origin, direction):
        to = self.center - origin
        along = to.dot(direction)
        inside = self.radius * self.radius - (to.dot(to) - along * along)
        return along - math.sqrt(inside) if inside > 0 else None


def work():
    spheres = [Sphere(Vector(i - 2.0, i % 2 * 0.5, 5.0 + i), 1.0) for i in range(5)]
    origin, total, hits = Vector(0.0, 0.0, 0.0), 0.0, 0
    for row in range(16):
        for col in range(16):
            ray = Vector(col / 8 - 1, row / 8 - 1, 1.0)
            ray = ray * (1 / abs(ray))
            best = None
            for sphere in spheres:
                t = sphere.hit(origin, ray)
                if t is not None and (best is None or t < best):
                    best = t
            if best is not None:
                point = origin + ray * best
                hits += point != -point
                total += abs(point)
    return hits, round(total, 6)


bench.run(work)
