using SkiaSharp;

namespace DcpNas.Data.Detection;

/// <summary>The font in which names stand on pictures: one of this machine, because the drawing library brings none.</summary>
public static class PictureFont
{
    // Sans-serif fonts that distributions install; any other one is better than none.
    private static readonly string[] Preferred = ["DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf", "FreeSans.ttf", "Arial.ttf"];

    /// <summary>Where fonts are looked for, subfolders included, in this order.</summary>
    public static IReadOnlyList<string> Folders { get; } =
    [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share/fonts"),
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".fonts"),
    ];

    private static readonly Lazy<SKTypeface?> Found = new(() => Open(Folders));

    /// <summary>Whether this machine has one. Without it pictures have boxes but no names.</summary>
    public static bool Exists => Typeface is not null;

    internal static SKTypeface? Typeface => Found.Value;

    /// <summary>The best TrueType font in some folders, or null where there is none that can be read.</summary>
    internal static SKTypeface? Open(IEnumerable<string> folders)
    {
        var files = folders.SelectMany(Files).OrderBy(Rank).ThenBy(file => file, StringComparer.Ordinal);
        return files.Select(SKTypeface.FromFile).FirstOrDefault(typeface => typeface is { GlyphCount: > 0 });
    }

    private static int Rank(string file) => Array.IndexOf(Preferred, Path.GetFileName(file)) is var place and >= 0 ? place : Preferred.Length;

    private static string[] Files(string folder)
    {
        try
        {
            // Nobody named these folders: fonts in those of them that may not be read are as good as not installed, and where none is left the warning names where they were looked for.
            var everywhere = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
            return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.ttf", everywhere) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
