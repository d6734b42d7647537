using System.CommandLine;
using DcpNas.Search;

namespace DcpNas.StepBench;

/// <summary>The command-line options that say how large the search is; the same in every command.</summary>
internal sealed class SizeOptions
{
    private readonly Option<int> _cells = new("--cells") { DefaultValueFactory = _ => 8, Description = "Cells of the supernet." };
    private readonly Option<int> _channels = new("--channels") { DefaultValueFactory = _ => 16, Description = "Channels of a node in the first cells." };
    private readonly Option<int> _partial = new("--partial") { DefaultValueFactory = _ => 1, Description = "K of the partial channels." };
    private readonly Option<int> _threads = new("--threads") { DefaultValueFactory = _ => 2, Description = "Threads of libtorch and of our kernels." };
    private readonly Option<int> _seed = new("--seed") { DefaultValueFactory = _ => 0, Description = "Seed of weights and data." };
    private readonly Option<int> _batch;

    public SizeOptions(Command command, int defaultBatch)
    {
        _batch = new("--batch") { DefaultValueFactory = _ => defaultBatch, Description = "Images per step." };
        foreach (var option in (Option[])[_cells, _channels, _partial, _threads, _seed, _batch])
        {
            command.Add(option);
        }
    }

    /// <summary>The options of a search of that size whose data hold a number of batches per half.</summary>
    /// <remarks>Backtracking is off: it is no part of the steps that are compared, and costs a thousandth of one.</remarks>
    public SearchOptions Read(ParseResult parsed, int batches)
    {
        var batch = parsed.GetValue(_batch);
        return new SearchOptions
        {
            Dataset = "synthetic",
            Cells = parsed.GetValue(_cells),
            Channels = parsed.GetValue(_channels),
            PartialChannels = parsed.GetValue(_partial),
            BatchSize = batch,
            TrainImages = Math.Max(200, 2 * batches * batch), // a few images of each class, however small the batch
            Threads = parsed.GetValue(_threads),
            Seed = parsed.GetValue(_seed),
            Decoupled = false,
            // What the reference in PyTorch computes: plain candidates, SGD, the constant factor of the paper.
            NormalizeCandidates = false,
            WeightOptimizer = OptimizerKind.Sgd,
            WeightRate = 0.025,
            ArchitectureRate = 6e-4,
            Lambda = 5e-3,
        };
    }

    /// <summary>The options as arguments, for a process of its own.</summary>
    public string[] Arguments(ParseResult parsed) =>
        [.. ((Option<int>[])[_cells, _channels, _partial, _threads, _seed, _batch]).SelectMany(option => (string[])[option.Name, $"{parsed.GetValue(option)}"])];
}
