using System.Globalization;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace DcpNas.Runs;

/// <content>What must hold before a run goes on from a checkpoint.</content>
public sealed partial class Checkpoint
{
    /// <summary>The state that identifies the data of the run.</summary>
    public const string DatasetKey = "dataset";

    /// <summary>The state that holds the number of threads of libtorch.</summary>
    public const string ThreadsKey = "threads";

    private const int MostNamed = 5;
    private const string ClassesKey = "classes";
    private const string DigestKey = "data_digest";

    /// <summary>A value of the state, to be read.</summary>
    /// <param name="key">In <see cref="State"/>.</param>
    internal JsonPart Ask(string key) => new(State[key], _origin, $"metadata '{StateKey}', {key}", OtherRun);

    /// <summary>Writes what identifies the data into a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="data">The data.</param>
    public static void Describe(JsonObject state, DataIdentity data)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(data);
        state[DatasetKey] = data.Description;
        state[ClassesKey] = new JsonArray([.. data.ClassNames.Select(name => (JsonNode)name)]);
        state[DigestKey] = data.Digest;
    }

    /// <summary>Refuses a checkpoint of other data or of another number of threads.</summary>
    /// <param name="data">What identifies the data now.</param>
    /// <exception cref="InputException">It belongs to other data, to other classes or the same ones in another order, to other images, or another thread count.</exception>
    public void DemandSameRun(DataIdentity data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Demand(DatasetKey, data.Description, "Resume with the same data, or start a new run folder.");
        if (State[ClassesKey] is JsonArray classes) // not there in checkpoints of older versions
        {
            DemandClasses([.. classes.Select(name => name!.GetValue<string>())], data.ClassNames);
        }

        if (State[DigestKey] is { } digest && digest.GetValue<string>() != data.Digest)
        {
            throw new InputException($"{_origin}: the run began with other images than the data have now: names, labels or boxes of training or test images differ, though not their number. Restore the data, or start a new run folder.");
        }

        Demand(ThreadsKey, get_num_threads().ToString(CultureInfo.InvariantCulture), "Resume with the same number of threads (--threads): sums of another number of threads round otherwise.");
    }

    private void DemandClasses(List<string> before, IReadOnlyList<string> now)
    {
        var place = Enumerable.Range(0, Math.Max(before.Count, now.Count)).FirstOrDefault(i => !CanonicalName.Comparer.Equals(before.ElementAtOrDefault(i), now.ElementAtOrDefault(i)), -1);
        if (place >= 0)
        {
            string[] gone = [.. before.Except(now, CanonicalName.Comparer)], added = [.. now.Except(before, CanonicalName.Comparer)];
            var change = gone.Length == 0 && added.Length == 0 ? "They are the same ones in another order"
                : string.Join(", ", (IEnumerable<string>)[.. Part(gone, "gone"), .. Part(added, "new")]);
            throw InputException.InFile(
                _origin, $"{ClassesKey}[{place}]", Show(now, place, "of the data"), $"{Show(before, place, "with which the run began")}", $"{change}. Restore names and order of the classes, or start a new run folder.");
        }

        static string Show(IReadOnlyList<string> names, int at, string whose) => names.ElementAtOrDefault(at) is { } name ? $"'{name}' {whose}" : $"no more class {whose}";

        static IEnumerable<string> Part(string[] names, string what) => names.Length == 0 ? [] : [$"{what}: {string.Join(", ", names.Take(MostNamed).Select(name => $"'{name}'"))}{(names.Length > MostNamed ? ", ..." : "")}"];
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
