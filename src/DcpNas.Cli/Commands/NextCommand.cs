using System.Globalization;
using DcpNas.Cli.Options;
using DcpNas.Data;
using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.Tasks.Classification;

namespace DcpNas.Cli.Commands;

/// <summary>The command lines that follow on a finished run.</summary>
internal static class NextCommand
{
    /// <summary>The selection among candidates of a finished search, on the same images; the recipe of the training is the user's.</summary>
    public static string Select(SearchOptions options, string folder) => Line(
    [
        "select", folder,
        .. Images(options.Dataset, options.Data, options.ImageSize, options.TrainImages),
        .. options.Device == new SearchOptions().Device ? (string[])[] : ["--device", options.Device],
        "--config", "TRAIN.json",
        .. Stem(options),
    ]);

    /// <summary>The training of the network that a search has found, on the same images at the same size.</summary>
    public static string Train(SearchOptions options, SearchOutcome outcome, string folder) => Line(
    [
        "train", "--genotype", outcome.GenotypePath,
        .. Images(options.Dataset, options.Data, options.ImageSize, options.TrainImages),
        .. options.Seed == 0 ? (string[])[] : ["--seed", Text(options.Seed)],
        .. options.Device == new SearchOptions().Device ? (string[])[] : ["--device", options.Device],
        .. Stem(options),
        "--run", Path.Combine(folder, RunFiles.TrainFolder),
    ]);

    /// <summary>The export of a trained network.</summary>
    public static string Export(string folder) => Line(["export", folder, "--out", $"{Path.TrimEndingDirectorySeparator(folder)}.dcpnas"]);

    /// <summary>The stem that the search has reckoned with.</summary>
    private static IEnumerable<string> Stem(SearchOptions options)
    {
        if (options.FinalStem != new TrainOptions().Stem)
        {
            yield return "--stem";
            yield return OptionValue.Show(options.FinalStem);
        }

        if (options.FinalStemMultiplier != new TrainOptions().StemMultiplier)
        {
            yield return "--stem-multiplier";
            yield return Text(options.FinalStemMultiplier);
        }
    }

    private static IEnumerable<string> Images(string dataset, string? data, int imageSize, int? trainImages)
    {
        if (dataset != new TrainOptions().Dataset)
        {
            yield return "--dataset";
            yield return dataset;
        }

        if (data is not null)
        {
            yield return "--data";
            yield return data;
        }

        if (dataset == DatasetNames.Folder)
        {
            yield return "--image-size";
            yield return Text(imageSize);
        }

        if (trainImages is { } images)
        {
            yield return "--train-images";
            yield return Text(images);
        }
    }

    private static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Invocation.Quote).Prepend(Invocation.Name));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
