using System.Security.Cryptography;
using System.Text;
using DcpNas.Runtime.Model;

namespace DcpNas.Runs;

public sealed partial class Checkpoint
{
    private const string Kind = "checkpoint";
    private const string KindKey = "kind";
    private const string VersionKey = "format_version";
    private const string StateKey = "state";
    private const string TensorsHashKey = "tensors_sha256";
    private const string HeaderHashKey = "header_sha256";
    private const string OtherFile = "Use a checkpoint that dcpnas wrote.";
    private const string OtherRun = "The checkpoint belongs to another network or version; start the run in a new folder.";

    /// <summary>Where the checkpoint before <paramref name="path"/> is kept: <c>checkpoint.previous.safetensors</c>.</summary>
    public static string PreviousPath(string path) =>
        Path.Combine(Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}.previous{Path.GetExtension(path)}");

    /// <summary>Whether there is anything to load: the newest checkpoint or the one before it.</summary>
    public static bool Exists(string path) => File.Exists(path) || File.Exists(PreviousPath(path));

    /// <summary>Reads a file, and no other in its place: what is used as a model must be what was named.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is damaged, or of another kind or version; names the file before it, where there is one.</exception>
    public static Checkpoint Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafetensorsFile file;
        var previous = PreviousPath(path);
        try
        {
            file = ReadWhole(path);
        }
        catch (InputException damage) when (File.Exists(previous))
        {
            throw new InputException($"{damage.Message} The file before it is {previous}; name that one to use it.", damage);
        }

        return FromFile(path, file);
    }

    /// <summary>Reads the newest checkpoint of a run that goes on; if it is damaged or missing, the one before it.</summary>
    /// <param name="path">The newest checkpoint.</param>
    /// <param name="warn">Called with one message if the previous checkpoint had to be taken.</param>
    /// <exception cref="InputException">Neither can be used, or the file is whole but of another kind or version.</exception>
    public static Checkpoint LoadNewest(string path, Action<string> warn)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(warn);
        SafetensorsFile newest;
        string origin = path, previous = PreviousPath(path);
        try
        {
            newest = ReadWhole(path);
        }
        catch (InputException damage) when (File.Exists(previous))
        {
            try
            {
                newest = ReadWhole(previous);
            }
            catch (InputException both)
            {
                throw new InputException($"{damage.Message}\n{both.Message}\nNeither checkpoint can be used; start the run in a new folder.", damage);
            }

            origin = previous;
            warn($"{damage.Message} Going on from {previous}, written {File.GetLastWriteTime(previous):yyyy-MM-dd HH:mm:ss}.");
        }

        return FromFile(origin, newest);
    }

    /// <summary>Reads a file and compares both digests.</summary>
    private static SafetensorsFile ReadWhole(string path)
    {
        var file = Safetensors.Read(path);
        try
        {
            CheckHash(path, file, HeaderHashKey, HashHeader(file.Header.Entries, file.Metadata), SafetensorsHeader.LengthBytes);
            CheckHash(path, file, TensorsHashKey, Safetensors.Hash(file.Header.Entries, file.Tensors), file.Header.DataStart);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void CheckHash(string path, SafetensorsFile file, string key, string actual, long position)
    {
        if (!file.Metadata.TryGetValue(key, out var expected))
        {
            throw InputException.InFile(path, $"metadata '{key}'", "a SHA-256", "none", OtherFile);
        }

        if (!string.Equals(expected, actual, StringComparison.Ordinal))
        {
            throw Safetensors.Damaged(path, $"byte {position}", $"bytes with SHA-256 {expected}", actual);
        }
    }

    private static Checkpoint FromFile(string path, SafetensorsFile file)
    {
        try
        {
            // The digests hold, so the file is whole: another kind or version is no damage, and an older file is no cure.
            if (file.Metadata.GetValueOrDefault(KindKey) is var kind && kind != Kind)
            {
                throw InputException.InFile(path, $"metadata '{KindKey}'", $"'{Kind}'", kind is null ? "none" : $"'{kind}'", OtherFile);
            }

            if (file.Metadata.GetValueOrDefault(VersionKey) is var version && version != $"{FormatVersion}")
            {
                throw InputException.InFile(
                    path, $"metadata '{VersionKey}'", $"{FormatVersion}", version ?? "none", "Resume with the version of dcpnas that wrote it.");
            }

            var checkpoint = new Checkpoint(ParseState(path, file.Metadata.GetValueOrDefault(StateKey, "")), path);
            foreach (var (name, value) in file.Tensors)
            {
                checkpoint._tensors.Add(name, value);
            }

            return checkpoint;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string HashHeader(IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in metadata.Where(pair => pair.Key != HeaderHashKey).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(key).Append('\0').Append(value).Append('\0');
        }

        foreach (var entry in entries)
        {
            text.Append(entry.Name).Append('\0').Append(entry.Type.Name()).Append('\0');
            text.Append('[').AppendJoin(',', entry.Shape).Append("]\0").Append(entry.Begin).Append('-').Append(entry.End).Append('\0');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private InputException Missing(string name) =>
        InputException.InFile(_origin, $"tensor '{name}'", "a tensor", "none", OtherRun);
}
