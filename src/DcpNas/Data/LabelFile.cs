using Microsoft.VisualBasic.FileIO;

namespace DcpNas.Data;

/// <summary>A table of image files and their classes: CSV with commas, semicolons or tabs, with or without a heading.</summary>
/// <remarks>
/// With a heading, the columns of file and class may stand anywhere (<see cref="FileNames"/>, <see cref="ClassNames"/>), and a column of <see cref="SplitNames"/> says which images
/// judge; without one, file and class are the first two columns. Files are named from the folder of the table, its folder <c>images</c> or the one that has the table's name, and may
/// leave out their extension.
/// </remarks>
internal static class LabelFile
{
    /// <summary>The table that is taken where a folder holds several.</summary>
    public const string PreferredName = "labels.csv";

    private const string Remedy = "Correct the table: one image a line, as photo1.jpg,cat.";
    private static readonly string[] FileNames = ["file_name", "filename", "file", "image", "image_id", "path", "name", "id"];
    private static readonly string[] ClassNames = ["label", "class", "class_name", "category", "target", "species", "breed"];
    private static readonly string[] SplitNames = ["split", "set", "subset"];
    private static readonly string[] Learning = ["train", "training"];
    private static readonly string[] Judging = ["val", "valid", "validation", "test", "testing"];

    /// <summary>The table of a folder: labels.csv, or its only CSV file; null where there is none.</summary>
    public static string? Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        string[] tables = [.. Directory.EnumerateFiles(folder).Where(path => Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        return tables.FirstOrDefault(path => Path.GetFileName(path).Equals(PreferredName, StringComparison.OrdinalIgnoreCase)) ?? (tables.Length == 1 ? tables[0] : null);
    }

    /// <summary>The rows of a table, in their order.</summary>
    /// <exception cref="InputException">It cannot be read, names an image that is missing or twice, or lacks a class.</exception>
    public static IReadOnlyList<LabelledFile> Read(string path)
    {
        var text = DataFile.Reading(path, () => LfsPointer.IsAt(path) ? throw LfsPointer.Fault(path) : WholeFile.ReadAllText(path));
        var lines = Split(path, text);
        if (lines.Count == 0)
        {
            throw InputException.InFile(path, "its start", "an image and its class a line", "nothing", Remedy);
        }

        var columns = Heading(lines[0].Cells) ?? (0, 1, -1);
        var hasHeading = Heading(lines[0].Cells) is not null || (Locate(path, lines[0].Cells[0]) is null && !ImageDecoder.IsImage(lines[0].Cells[0]));
        var rows = new List<LabelledFile>();
        var lineOf = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (line, cells) in lines.Skip(hasHeading ? 1 : 0))
        {
            var place = $"line {line}";
            if (cells.Length <= int.Max(columns.File, int.Max(columns.Class, columns.Split)) || cells[columns.File].Length == 0 || cells[columns.Class].Length == 0)
            {
                throw InputException.InFile(path, place, "an image and its class", $"'{string.Join(',', cells)}'", Remedy);
            }

            var file = Locate(path, cells[columns.File])
                ?? throw InputException.InFile(path, place, "an image that exists", $"'{cells[columns.File]}'", "Add the image, or delete the line.");
            if (!lineOf.TryAdd(file, line))
            {
                throw InputException.InFile(path, place, "an image of its own", $"'{cells[columns.File]}', which stands in line {lineOf[file]} too", "Delete one of the two lines.");
            }

            rows.Add(new LabelledFile(file, cells[columns.Class], columns.Split < 0 ? null : Judges(path, place, cells[columns.Split])));
        }

        return rows;
    }

    private static List<(long Line, string[] Cells)> Split(string path, string text)
    {
        var first = text.AsSpan(0, text.IndexOf('\n') is var end && end >= 0 ? end : text.Length);
        using var parser = new TextFieldParser(new StringReader(text)) { TrimWhiteSpace = true, HasFieldsEnclosedInQuotes = true };
        parser.SetDelimiters(first.Contains('\t') ? "\t" : first.Contains(';') && !first.Contains(',') ? ";" : ",");
        var lines = new List<(long, string[])>();
        try
        {
            while (!parser.EndOfData)
            {
                var line = parser.LineNumber;
                if (parser.ReadFields() is { } cells && cells.Any(cell => cell.Length > 0))
                {
                    lines.Add((line, cells));
                }
            }
        }
        catch (MalformedLineException error)
        {
            throw InputException.InFile(path, $"line {error.LineNumber}", "cells, those with quotation marks in pairs of them", "a quotation mark that does not close", Remedy, error);
        }

        return lines;
    }

    /// <summary>The columns that a heading names; null where it names no column of classes and none of files.</summary>
    private static (int File, int Class, int Split)? Heading(string[] cells)
    {
        var (file, label) = (Of(FileNames), Of(ClassNames));
        return label >= 0 && (file >= 0 || cells.Length == 2) ? (file >= 0 ? file : 1 - label, label, Of(SplitNames)) : null;

        int Of(string[] names) => names.Select(name => Array.FindIndex(cells, cell => cell.Equals(name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(index => index >= 0, -1);
    }

    private static bool Judges(string path, string place, string split) =>
        Judging.Contains(split.ToLowerInvariant()) || (Learning.Contains(split.ToLowerInvariant())
            ? false
            : throw InputException.InFile(path, place, $"one of {string.Join(", ", Learning.Concat(Judging))} in the column of splits", $"'{split}'", Remedy));

    private static string? Locate(string table, string name)
    {
        var folder = Path.GetDirectoryName(table) ?? "";
        return ((string[])[folder, Path.Combine(folder, "images"), Path.Combine(folder, Path.GetFileNameWithoutExtension(table))])
            .SelectMany(place => ((string[])["", .. ImageDecoder.Extensions]).Select(extension => Path.Combine(place, name + extension)))
            .FirstOrDefault(File.Exists);
    }
}

/// <summary>A row of a table of images.</summary>
/// <param name="Path">The image.</param>
/// <param name="Class">Its class.</param>
/// <param name="Judges">Whether it is a test image; null where the table does not say.</param>
internal sealed record LabelledFile(string Path, string Class, bool? Judges);
