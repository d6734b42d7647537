namespace DcpNas.SearchSpace;

/// <content>Files: JSON of the format <c>dcpnas-genotype-1</c>.</content>
public sealed partial record Genotype
{
    /// <summary>What the key <c>format</c> of a genotype file says.</summary>
    public const string Format = "dcpnas-genotype-1";

    /// <summary>Reads a genotype file. Comments and trailing commas are allowed; unknown and repeated keys are not.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It cannot be read, is not JSON, or is no genotype; the message names the place.</exception>
    public static Genotype Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] json;
        try
        {
            json = WholeFile.ReadAllBytes(path);
            if (LfsPointer.Is(json))
            {
                throw LfsPointer.Fault(path);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the genotype cannot be read: {problem.Message}", problem);
        }

        return FromJson(json, path);
    }

    /// <summary>Reads a genotype from UTF-8 JSON.</summary>
    /// <param name="json">The text, with or without byte order mark.</param>
    /// <param name="source">What messages call it: the file.</param>
    /// <exception cref="InputException">It is not JSON, or no genotype.</exception>
    public static Genotype FromJson(ReadOnlyMemory<byte> json, string source) => GenotypeJson.Read(json, source);

    /// <summary>The content of a genotype file: indented JSON with a line feed at each end of line.</summary>
    public string ToJson() => GenotypeJson.Write(this);

    /// <summary>Writes a genotype file. The file is complete or untouched: it is written under a temporary name, flushed and renamed.</summary>
    /// <param name="path">The file, in a folder that exists; replaced if it exists.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(ToJson()));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw new InputException($"{path}: the genotype cannot be written: {problem.Message}", problem);
        }
    }
}
