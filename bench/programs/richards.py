"""A small operating-system scheduler: objects with methods that call each other."""
import bench


class Packet:
    def __init__(self, link, ident, kind):
        self.link = link
        self.ident = ident
        self.kind = kind
        self.datum = 0

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        at = queue
        while at.link is not None:
            at = at.link
        at.link = self
        return queue


class Task:
    def __init__(self, ident, priority, work):
        self.ident = ident
        self.priority = priority
        self.queue = work
        self.held = False
        self.runs = 0

    def ready(self):
        return not self.held and self.queue is not None

    def take(self):
        packet = self.queue
        self.queue = packet.link
        packet.link = None
        return packet

    def step(self, scheduler):
        self.runs += 1
        packet = self.take()
        return self.handle(scheduler, packet)


class Worker(Task):
    def __init__(self, ident, priority, work, target):
        Task.__init__(self, ident, priority, work)
        self.target = target
        self.count = 0

    def handle(self, scheduler, packet):
        self.count += packet.datum + 1
        packet.datum = self.count % 26
        scheduler.send(self.target, packet)
        return self.count


class Device(Task):
    def __init__(self, ident, priority, work):
        Task.__init__(self, ident, priority, work)
        self.seen = 0

    def handle(self, scheduler, packet):
        self.seen += 1
        scheduler.send(packet.kind, packet)
        return self.seen


class Scheduler:
    def __init__(self):
        self.tasks = []

    def send(self, ident, packet):
        task = self.tasks[ident]
        task.queue = packet.append_to(task.queue)

    def run(self, steps):
        done = 0
        while done < steps:
            best = None
            for task in self.tasks:
                if task.ready() and (best is None or task.priority > best.priority):
                    best = task
            if best is None:
                break
            best.step(self)
            best.priority = (best.priority * 7 + 3) % 101
            done += 1
        return done


def work():
    scheduler = Scheduler()
    for i in range(6):
        packets = None
        for k in range(4):
            packets = Packet(packets, i, (i + k) % 6)
        if i % 2:
            scheduler.tasks.append(Worker(i, i * 10, packets, (i + 1) % 6))
        else:
            scheduler.tasks.append(Device(i, i * 10, packets))
    scheduler.run(8000)
    return [task.runs for task in scheduler.tasks]


bench.run(work)
