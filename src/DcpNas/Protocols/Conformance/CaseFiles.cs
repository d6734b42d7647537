using System.Text.Json;
using System.Text.RegularExpressions;

namespace DcpNas.Protocols.Conformance;

/// <summary>Reads and writes case files, those that come with the program among them.</summary>
internal static partial class CaseFiles
{
    private const string Extension = ".json";
    private const string Prefix = "Protocols.Cases/";
    private const string Remedy = "Correct the case; docs/conformance.md describes the form.";
    private static readonly JsonSerializerOptions Indented = new(ProtocolJson.Strict) { WriteIndented = true };

    /// <summary>The cases that come with the program, by name.</summary>
    public static IReadOnlyList<(string Source, CaseRecord Case)> Golden()
    {
        var assembly = typeof(CaseFiles).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            return (name[Prefix.Length..], Read(stream, name[Prefix.Length..]));
        })];
    }

    /// <summary>The case files of a folder, by name.</summary>
    /// <exception cref="InputException">The folder or a file cannot be used.</exception>
    public static IReadOnlyList<(string Source, CaseRecord Case)> Of(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder}: expected a folder of case files but found {(File.Exists(folder) ? "a file" : "nothing")}. Name a folder with --cases.");
        }

        string[] paths = [.. Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)];
        return paths.Length > 0
            ? [.. paths.Select(path =>
            {
                using var stream = ProtocolJson.Open(path, "a case file");
                return (path, Read(stream, path));
            })]
            : throw new InputException($"{folder}: expected case files (*{Extension}) but found none. Name another folder, or write the shipped cases there with --write.");
    }

    /// <summary>The file of a case in a folder.</summary>
    public static string PathOf(string folder, CaseRecord one) => Path.Combine(folder, one.Name + Extension);

    /// <summary>Writes a case under its name.</summary>
    /// <returns>The path.</returns>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static string Write(string folder, CaseRecord one)
    {
        var path = PathOf(folder, one);
        AtomicFile.WriteText(path, TextOf(one));
        return path;
    }

    /// <summary>A case as text: lists of numbers on one line.</summary>
    public static string TextOf(CaseRecord one) =>
        Spread().Replace(JsonSerializer.Serialize(one, Indented), list => Blank().Replace(list.Value, " ").Replace("[ ", "[", StringComparison.Ordinal).Replace(" ]", "]", StringComparison.Ordinal)) + "\n";

    /// <summary>Reads a case.</summary>
    /// <exception cref="InputException">It is of another form.</exception>
    public static CaseRecord Read(Stream stream, string source)
    {
        var one = ProtocolJson.Read<CaseRecord>(stream, source, ProtocolJson.Strict, Remedy);
        one.Input(source);
        return one;
    }

    [GeneratedRegex(@"\[[-+0-9.eE,\s]*\]")]
    private static partial Regex Spread();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
