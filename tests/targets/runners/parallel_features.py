"""The runner that a project makes with behave_parallel_runners: a process a worker."""

from behave.runner import ITestRunner
from behave_parallel_runners.runner import ParallelRunner
from behave_parallel_runners.task import FeatureTaskAllocator
from behave_parallel_runners.workers import WorkerPoolExecutor
from behave_parallel_runners.workers.process import ProcessWorker


class FeatureParallelRunner(ParallelRunner):
    def __init__(self, config):
        super().__init__(config, FeatureTaskAllocator(config), WorkerPoolExecutor(config, ProcessWorker))


ITestRunner.register(FeatureParallelRunner)
