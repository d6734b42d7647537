namespace DcpNas.Data;

/// <summary>Where the official files of a data set are published.</summary>
public sealed record DatasetSource
{
    /// <summary>The names of the data sets that can be downloaded.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. DatasetTable.All.Where(row => row.Source is not null).Select(row => row.Name)];

    /// <summary>The address in front of every file name; ends with a slash. A mirror with the same files may take its place.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>The folder that the files make below the data folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The files to download.</summary>
    public required IReadOnlyList<SourceFile> Files { get; init; }

    /// <summary>The source of a data set.</summary>
    /// <param name="name">One of <see cref="DatasetNames"/>.</param>
    /// <exception cref="InputException">The data set cannot be downloaded.</exception>
    public static DatasetSource For(string name) => DatasetTable.Find(name)?.Source
        ?? throw new InputException($"Data set '{name}' cannot be downloaded. Data sets that can: {string.Join(", ", Names)}.");

    /// <summary>A file to download.</summary>
    /// <param name="FileName">Name below the base address and below the data folder.</param>
    /// <param name="Checksum">The published checksum, <c>md5:...</c> or <c>sha1:...</c>.</param>
    /// <param name="Contents">Of a <c>.tar.gz</c> that is unpacked and then deleted: the checksums of the files in it by their names; else null.</param>
    public sealed record SourceFile(string FileName, string Checksum, IReadOnlyDictionary<string, string>? Contents = null);
}
