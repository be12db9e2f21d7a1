"""Tests of which some fail, to see how unittest tells."""
import unittest


class Failing(unittest.TestCase):
    def test_a_equal(self):
        """Two dictionaries."""
        self.assertEqual({"a": [1, 2], "b": "x" * 20}, {"a": [1, 3], "c": None})

    def test_b_text(self):
        self.assertEqual("one\ntwo\nthree\n", "one\n2\nthree\n")

    def test_c_error(self):
        def inner(n):
            return 1 / n
        inner(0)

    def test_d_chain(self):
        try:
            {}["key"]
        except KeyError as error:
            raise ValueError("é") from error

    @unittest.skip("later")
    def test_e_skip(self):
        pass

    @unittest.expectedFailure
    def test_f_expected(self):
        self.fail()

    @unittest.expectedFailure
    def test_g_unexpected(self):
        pass

    def test_h_parts(self):
        for i in range(3):
            with self.subTest("part", i=i):
                self.assertLess(i, 1)

    def test_i_group(self):
        with self.assertRaises(TypeError):
            raise ExceptionGroup("many", [ValueError(1), TypeError(2)])


if __name__ == "__main__":
    unittest.main()
