def read(path):
    for name in path:
        try:
            with open(name) as file:
                return file.read()
        except OSError as error:
            report(error)
            continue
        finally:
            done(name)
