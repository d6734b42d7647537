using System.Globalization;
using static TorchSharp.torch;

namespace DcpNas.Runs;

/// <content>What must hold before a run goes on from a checkpoint.</content>
public sealed partial class Checkpoint
{
    /// <summary>The state that identifies the data of the run.</summary>
    public const string DatasetKey = "dataset";

    /// <summary>The state that holds the number of threads of libtorch.</summary>
    public const string ThreadsKey = "threads";

    /// <summary>A value of the state, to be read.</summary>
    /// <param name="key">In <see cref="State"/>.</param>
    internal JsonPart Ask(string key) => new(State[key], _origin, $"metadata '{StateKey}', {key}", OtherRun);

    /// <summary>Refuses a checkpoint of other data or of another number of threads.</summary>
    /// <param name="dataset">What identifies the data now.</param>
    /// <exception cref="InputException">It belongs to other data or another thread count.</exception>
    public void DemandSameRun(string dataset)
    {
        Demand(DatasetKey, dataset, "Resume with the same data, or start a new run folder.");
        Demand(ThreadsKey, get_num_threads().ToString(CultureInfo.InvariantCulture), "Resume with the same number of threads (--threads): sums of another number of threads round otherwise.");
    }

    /// <summary>Refuses a checkpoint whose state differs.</summary>
    /// <param name="key">In <see cref="State"/>.</param>
    /// <param name="expected">The value as text.</param>
    /// <param name="remedy">What to do otherwise.</param>
    /// <exception cref="InputException">The value is another one or missing.</exception>
    public void Demand(string key, string expected, string remedy)
    {
        var found = State[key]?.ToString() ?? "nothing";
        if (found != expected)
        {
            throw InputException.InFile(_origin, key, $"'{expected}'", $"'{found}'", remedy);
        }
    }
}
