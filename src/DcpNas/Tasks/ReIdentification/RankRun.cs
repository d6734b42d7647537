using System.Text.Json.Nodes;
using DcpNas.Data.ReIdentification;
using DcpNas.Protocols.ReIdentification;
using DcpNas.Runs;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Draws what a network finds for some queries.</summary>
public static class RankRun
{
    /// <summary>The largest number of queries or ranks in a picture.</summary>
    public const int Most = 100;

    /// <summary>Runs the network over all images, ranks the gallery for some queries and writes a picture of the lists.</summary>
    /// <param name="options">Network, persons and protocol.</param>
    /// <param name="queries">How many queries, evenly spread; 1 to <see cref="Most"/>.</param>
    /// <param name="ranks">Images of each list; 1 to <see cref="Most"/>.</param>
    /// <param name="picture">The PNG file to write.</param>
    /// <param name="progress">Is told images done and images in all.</param>
    /// <param name="cancel">Stops after a batch; nothing is written then.</param>
    /// <exception cref="InputException">Options, network or images cannot be used, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static RankOutcome Execute(PersonEvaluationOptions options, int queries, int ranks, string picture, Action<int, int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(picture);
        ArgumentNullException.ThrowIfNull(progress);
        List<string> problems =
        [
            .. options.Problems(),
            .. OptionRules.Check(queries is >= 1 and <= Most, $"queries must be from 1 to {Most}, got {queries}."),
            .. OptionRules.Check(ranks is >= 1 and <= Most, $"ranks must be from 1 to {Most}, got {ranks}."),
            .. OptionRules.Check(
                Path.GetExtension(picture).Equals(".png", StringComparison.OrdinalIgnoreCase), $"out must name a PNG file (.png), got '{picture}'."),
            .. OptionRules.Check(options.Distractors is null, "distractors must be absent: they have no place in a picture."),
        ];
        if (problems.Count > 0)
        {
            throw new OptionsException("options", problems);
        }

        OutputGuard.File(picture, options.Model, options.Data);
        WriteProbe.File(picture);
        using var setup = PersonSetup.Open(options);
        int[] shown = [.. RankedLists.Spread(setup.Dataset.Query.Count, queries)];
        var lists = setup.Embed(progress, cancel).Evaluator.Rank(shown, ranks, cancel);
        var png = RankPicture.Draw(setup.Dataset.Query, setup.Dataset.Gallery, shown, lists);
        cancel.ThrowIfCancellationRequested();
        AtomicFile.Write(picture, stream => stream.Write(png));
        return new RankOutcome(setup.Model.Path, setup.Dataset.Name, picture, new JsonArray([.. shown.Zip(lists, (query, list) => (JsonNode)Describe(setup.Dataset, query, list))]));
    }

    private static JsonObject Describe(PersonDataset dataset, int query, IReadOnlyList<RankedImage> list)
    {
        var json = Name(dataset.Query, query);
        json["list"] = new JsonArray([.. list.Select(ranked =>
        {
            var entry = Name(dataset.Gallery, ranked.Image);
            (entry["distance"], entry["hit"]) = (ranked.Distance, ranked.IsMatch);
            return (JsonNode)entry;
        })]);
        return json;

        static JsonObject Name(IPersonImages images, int index) => new()
        {
            ["image"] = images.ImageName(index),
            ["person"] = images.Identity(index),
            ["camera"] = images.Camera(index),
        };
    }
}
