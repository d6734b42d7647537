using System.Globalization;

namespace DcpNas.Search.Curvatures;

/// <summary>Reads the curvature option.</summary>
public static class Curvature
{
    /// <summary>The values of the option.</summary>
    public const string Known = "ggn, fisher-chunks:K, exact, none";

    private const string ChunksPrefix = "fisher-chunks:";

    /// <summary>Whether a text names a curvature.</summary>
    public static bool IsKnown(string text) => text is "ggn" or "exact" or "none" || ChunksOf(text) is not null;

    /// <summary>Creates the curvature that a text names.</summary>
    /// <exception cref="ArgumentException">The text names none.</exception>
    public static ICurvature Parse(string text) => text switch
    {
        "ggn" => new GaussNewton(),
        "exact" => new ExactHessian(),
        "none" => new NoCurvature(),
        _ when ChunksOf(text) is { } chunks => new FisherChunks(chunks),
        _ => throw new ArgumentException($"curvature must be one of {Known}, got '{text}'.", nameof(text)),
    };

    /// <summary>K of <c>fisher-chunks:K</c>, or null for any other text.</summary>
    internal static int? ChunksOf(string text) =>
        text.StartsWith(ChunksPrefix, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(ChunksPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var chunks) && chunks > 0
            ? chunks
            : null;
}
