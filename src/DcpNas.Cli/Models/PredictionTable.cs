using System.Buffers;
using System.Globalization;
using DcpNas.Inference;

namespace DcpNas.Cli.Models;

/// <summary>Predictions as CSV (RFC 4180): a line for each class of each image.</summary>
internal static class PredictionTable
{
    /// <summary>The heading.</summary>
    public const string Heading = "file,rank,class,probability";

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>The lines of an image.</summary>
    public static IEnumerable<string> Lines(ImageResult image) => image.Classes.Select((prediction, index) => string.Join(
        ',', Cell(image.File), (index + 1).ToString(CultureInfo.InvariantCulture), Cell(prediction.Label), prediction.Probability.ToString("0.000000", CultureInfo.InvariantCulture)));

    private static string Cell(string text) => text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
