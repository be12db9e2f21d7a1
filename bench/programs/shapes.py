"""Polymorphic dispatch over a class tree with properties and super()."""
import bench


class Shape:
    def __init__(self, scale):
        self._scale = scale

    @property
    def scale(self):
        return self._scale

    def area(self):
        return 0

    def describe(self):
        return self.area() * self.scale


class Square(Shape):
    def __init__(self, scale, side):
        super().__init__(scale)
        self.side = side

    def area(self):
        return self.side * self.side


class Rectangle(Square):
    def __init__(self, scale, side, other):
        super().__init__(scale, side)
        self.other = other

    def area(self):
        return self.side * self.other


class Circle(Shape):
    def __init__(self, scale, radius):
        super().__init__(scale)
        self.radius = radius

    def area(self):
        return 3 * self.radius * self.radius


def work():
    total = 0
    for i in range(4000):
        shapes = [Square(2, i % 7), Rectangle(3, i % 5, 2), Circle(1, i % 3), Shape(4)]
        for shape in shapes:
            total += shape.describe()
    return total


bench.run(work)
