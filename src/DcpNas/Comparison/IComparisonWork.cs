using DcpNas.SearchSpace;

namespace DcpNas.Comparison;

/// <summary>The two long parts of a job. Each resumes what its folder holds, bit for bit, and returns at once where the folder is finished.</summary>
internal interface IComparisonWork
{
    /// <summary>Searches a genotype.</summary>
    /// <param name="job">The job.</param>
    /// <param name="folder">Its run folder.</param>
    /// <param name="progress">Is told the share that is done, 0 to 1; first the share that earlier sessions did.</param>
    /// <param name="cancel">Stops after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Genotype Search(ComparisonJob job, string folder, Action<double> progress, CancellationToken cancel);

    /// <summary>Trains the network of the genotype at the common cost, and tests it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="genotype">What the search found.</param>
    /// <param name="folder">Its folder, with those of search and training.</param>
    /// <param name="progress">Is told the share that is done, 0 to 1; first the share that earlier sessions did.</param>
    /// <param name="cancel">Stops after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    JobResult Train(ComparisonJob job, Genotype genotype, string folder, Action<double> progress, CancellationToken cancel);
}
