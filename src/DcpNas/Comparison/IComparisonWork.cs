using DcpNas.SearchSpace;

namespace DcpNas.Comparison;

/// <summary>The two long parts of a job. Each resumes what its folder holds, bit for bit, and returns at once where the folder is finished.</summary>
internal interface IComparisonWork
{
    /// <summary>Finds the genotype: by a search, or as the best of several random ones.</summary>
    /// <param name="job">The job.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="budgetSeconds">For <c>random_k</c>: the CPU time that the search of the primary row took; null where the number of candidates is given.</param>
    /// <param name="progress">Is told the share that is done, 0 to 1; first the share that earlier sessions did.</param>
    /// <param name="cancel">Stops after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    FoundGenotype Find(ComparisonJob job, string folder, double? budgetSeconds, Action<double> progress, CancellationToken cancel);

    /// <summary>Trains the network of the genotype at the common cost, and tests it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="trainSeed">The seed of the training.</param>
    /// <param name="genotype">What was found.</param>
    /// <param name="folder">The folder of the job, with those of search and trainings.</param>
    /// <param name="progress">Is told the share that is done, 0 to 1; first the share that earlier sessions did.</param>
    /// <param name="cancel">Stops after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    JobResult Train(ComparisonJob job, int trainSeed, Genotype genotype, string folder, Action<double> progress, CancellationToken cancel);
}
