namespace DcpNas.Data.Repairs;

/// <summary>The copy that a repair writes: files where they lie in the source, and a list of what is left out.</summary>
/// <param name="source">The folder that is copied.</param>
/// <param name="target">The copy.</param>
internal sealed class RepairCopy(string source, string target)
{
    private readonly List<DataFinding> _leftOut = [];
    private readonly Dictionary<string, bool> _tried = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>Files of the copy.</summary>
    public int Copied => _written.Count;

    /// <summary>What is left out.</summary>
    public IReadOnlyList<DataFinding> LeftOut => _leftOut;

    /// <summary>Where a file of the source lies in the copy.</summary>
    public string Place(string path) => Path.GetFullPath(Path.Combine(target, Path.GetRelativePath(source, path)));

    /// <summary>Notes that something is left out.</summary>
    public void Leave(string path, string why) => _leftOut.Add(new DataFinding(FindingSeverity.Error, path, why));

    /// <inheritdoc cref="Leave(string, string)"/>
    public void Leave(string path, InputException fault)
    {
        var prefix = $"{path}: ";
        Leave(path, fault.Message.StartsWith(prefix, StringComparison.Ordinal) ? fault.Message[prefix.Length..] : fault.Message);
    }

    /// <summary>Whether something can be used; what cannot is noted once, however often it is asked for.</summary>
    /// <param name="path">What is tried.</param>
    /// <param name="use">Throws an <see cref="InputException"/> where it cannot be used.</param>
    public bool CanUse(string path, Action use)
    {
        if (_tried.TryGetValue(path, out var known))
        {
            return known;
        }

        try
        {
            use();
            return _tried[path] = true;
        }
        catch (InputException fault)
        {
            Leave(path, fault);
            return _tried[path] = false;
        }
    }

    /// <summary>Copies a file; one that is there already stays.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Copy(string from, string to) => Put(to, () => File.Copy(from, to, overwrite: true));

    /// <summary>Copies a file under its name, or one with a number where another file has that name.</summary>
    /// <returns>The name.</returns>
    public string CopyInto(string from, string folder)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(from), Path.GetExtension(from));
        var name = stem + extension;
        for (var number = 2; _written.Contains(Path.Combine(folder, name)); number++)
        {
            name = $"{stem}-{number}{extension}";
        }

        Copy(from, Path.Combine(folder, name));
        return name;
    }

    /// <summary>Writes a text file in UTF-8.</summary>
    public void Write(string to, string text) => Put(to, () => File.WriteAllText(to, text));

    private void Put(string to, Action write)
    {
        if (!_written.Add(to))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            write();
        }
        catch (Exception error) when (DataFile.IsFileFault(error))
        {
            throw new InputException($"{to}: cannot be written: {error.Message.TrimEnd('.')}. Free disk space, or name another folder.", error);
        }
    }
}
