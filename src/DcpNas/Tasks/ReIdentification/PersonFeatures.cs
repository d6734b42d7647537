using DcpNas.Evaluation;
using static TorchSharp.torch;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Writes what a network of embeddings makes of queries and gallery.</summary>
internal static class PersonFeatures
{
    private const int RowsAtATime = 1024;

    /// <summary>Runs the network over all images and writes a <see cref="FeatureFile"/>.</summary>
    /// <param name="options">Network and persons; the split is that of the run, and all images are taken.</param>
    /// <param name="path">The file.</param>
    /// <param name="progress">Is told images done and images in all.</param>
    /// <param name="cancel">Stops after a batch; no file is left then.</param>
    /// <returns>N and F.</returns>
    /// <exception cref="OptionsException">Options are asked for that queries and gallery do not have.</exception>
    /// <exception cref="InputException">Network or images cannot be used, or the file cannot be written.</exception>
    public static (int Images, int Features) Write(FeatureOptions options, string path, Action<int, int> progress, CancellationToken cancel)
    {
        List<string> problems =
        [
            .. options.Images is { } images ? [$"images must be absent for re-identification: all queries and gallery images are taken, got {images}."] : (string[])[],
            .. options.Split == SplitNames.Test ? (string[])[] :
                [$"split must be {SplitNames.Test} for re-identification: its queries and gallery, got '{options.Split}'."],
        ];
        if (problems.Count > 0)
        {
            throw new OptionsException("options", problems);
        }

        using var setup = PersonSetup.Open(new PersonEvaluationOptions
        {
            Model = options.Model,
            Dataset = options.Dataset,
            Data = options.Data,
            BatchSize = options.BatchSize,
            Device = options.Device,
            Threads = options.Threads,
            Workers = options.Workers,
        });
        var (query, gallery) = (setup.Dataset.Query, setup.Dataset.Gallery);
        var embeddings = new[] { setup.Embed(query, 0, progress, cancel), setup.Embed(gallery, query.Count, progress, cancel) };
        FeatureFile.Write(path, query, gallery, embeddings[0].Dimensions, embeddings.SelectMany(Rows), new Dictionary<string, string>
        {
            ["kind"] = "features",
            ["dataset"] = setup.Dataset.Name,
            ["split"] = options.Split,
            ["model"] = setup.Model.Path,
        });
        return (query.Count + gallery.Count, embeddings[0].Dimensions);
    }

    private static IEnumerable<Tensor> Rows(Protocols.ReIdentification.FeatureSet set)
    {
        for (var first = 0; first < set.Count; first += RowsAtATime)
        {
            var count = Math.Min(RowsAtATime, set.Count - first);
            var numbers = new float[count * set.Dimensions];
            for (var row = 0; row < count; row++)
            {
                set.Feature(first + row).CopyTo(numbers.AsSpan(row * set.Dimensions));
            }

            using var rows = tensor(numbers, [count, set.Dimensions]);
            yield return rows;
        }
    }
}
