using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DcpNas.Data.Checks;

/// <summary>Collects what a check sees: findings, images per class, image sizes, and images that occur twice.</summary>
internal sealed class CheckLog(IReadOnlyList<string> classNames)
{
    private const int NamedDuplicates = 20;
    private const string TrainSplit = "train";
    private const string TestSplit = "test";

    private readonly List<DataFinding> _findings = [];
    private readonly Dictionary<UInt128, string> _train = [];
    private readonly Dictionary<string, int> _sizes = [];
    private readonly int[] _trainCounts = new int[classNames.Count];
    private readonly int[] _testCounts = new int[classNames.Count];
    private readonly List<string> _odd = [];
    private readonly List<string> _oddFolders = [];
    private int _trainImages;
    private int _testImages;
    private int _within;
    private int _across;

    public void Add(FindingSeverity severity, string path, string message) => _findings.Add(new DataFinding(severity, path, message));

    /// <summary>Takes over the fault that a reader found.</summary>
    public void Add(InputException fault, string path)
    {
        var prefix = $"{path}: ";
        Add(FindingSeverity.Error, path, fault.Message.StartsWith(prefix, StringComparison.Ordinal) ? fault.Message[prefix.Length..] : fault.Message);
    }

    /// <summary>Counts a usable image. All training images must be added before the first test image.</summary>
    /// <param name="test">A test image.</param>
    /// <param name="label">Its class.</param>
    /// <param name="size"><c>width x height</c>.</param>
    /// <param name="path">Its file.</param>
    /// <param name="place">Where it is in the file; null if the file is the image.</param>
    /// <param name="content">The bytes that decide whether two images are the same.</param>
    public void AddImage(bool test, int label, string size, string path, string? place, ReadOnlySpan<byte> content) => AddImage(test, [label], size, path, place, content);

    /// <inheritdoc cref="AddImage(bool, int, string, string, string, ReadOnlySpan{byte})"/>
    /// <param name="test">A test image.</param>
    /// <param name="labels">The classes in it, each once.</param>
    /// <param name="size"><c>width x height</c>.</param>
    /// <param name="path">Its file.</param>
    /// <param name="place">Where it is in the file; null if the file is the image.</param>
    /// <param name="content">The bytes that decide whether two images are the same.</param>
    public void AddImage(bool test, IEnumerable<int> labels, string size, string path, string? place, ReadOnlySpan<byte> content)
    {
        foreach (var label in labels)
        {
            (test ? _testCounts : _trainCounts)[label]++;
        }

        _ = test ? _testImages++ : _trainImages++;
        _sizes[size] = _sizes.GetValueOrDefault(size) + 1;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        var key = BinaryPrimitives.ReadUInt128LittleEndian(hash);
        if (test)
        {
            if (_train.TryGetValue(key, out var same) && _across++ < NamedDuplicates)
            {
                Add(FindingSeverity.Warning, path, $"{(place is null ? "" : $"{place}: ")}the test image also occurs in the training images ({same}).");
            }
        }
        else if (!_train.TryAdd(key, place is null ? path : $"{Path.GetFileName(path)}, {place}"))
        {
            _within++;
        }
    }

    /// <summary>Counts files that no reader looks at.</summary>
    public void AddOddFiles(string folder, Func<string, bool> known) => _odd.AddRange(Directory.EnumerateFiles(folder).Where(path => !known(Path.GetFileName(path))));

    /// <summary>Counts folders that no reader looks into.</summary>
    public void AddOddFolders(IEnumerable<string> folders) => _oddFolders.AddRange(folders);

    /// <summary>What was seen.</summary>
    /// <param name="kind">The name of the data set in the catalogue.</param>
    /// <param name="name">The honest name.</param>
    /// <param name="folder">Where it is.</param>
    /// <param name="official">Whether the files are the official ones; null where there are none.</param>
    /// <param name="balance">Whether classes of unequal size are worth a warning.</param>
    public CheckedDataset ToResult(string kind, string name, string folder, bool? official, bool balance = true)
    {
        if (balance)
        {
            AddBalance(folder, TrainSplit, _trainCounts);
            AddBalance(folder, TestSplit, _testCounts);
        }

        AddOdd(folder, _odd, FindingSeverity.Note, "file is not part of the data set and is ignored", "files are not part of the data set and are ignored");
        AddOdd(folder, _oddFolders, FindingSeverity.Warning, "folder inside a class is not read", "folders inside classes are not read");
        if (_within > 0)
        {
            Add(FindingSeverity.Note, folder, $"{_within} training images have the same content as another training image.");
        }

        if (_across > NamedDuplicates)
        {
            Add(FindingSeverity.Warning, folder, $"{_across} test images also occur in the training images; the first {NamedDuplicates} are listed.");
        }

        if (official == false)
        {
            Add(FindingSeverity.Note, folder, $"the files are not the official ones: results on them are results on '{name}'.");
        }

        CheckedSplit[] splits = [new(TrainSplit, _trainImages, _trainCounts), new(TestSplit, _testImages, _testCounts)];
        return new CheckedDataset(kind, name, folder, official, classNames, splits,
            [.. _sizes.OrderByDescending(size => size.Value).ThenBy(size => size.Key, StringComparer.Ordinal)], _within, _across,
            [.. _findings.OrderByDescending(finding => finding.Severity)]);
    }

    /// <summary>One line however many there are: how many, of which kinds, and the first ones.</summary>
    private void AddOdd(string folder, List<string> paths, FindingSeverity severity, string one, string many)
    {
        const int Named = 3, Kinds = 4;
        if (paths.Count == 0)
        {
            return;
        }

        string[] names = [.. paths.Order(StringComparer.Ordinal).Take(Named).Select(path => Path.GetRelativePath(folder, path))];
        var kinds = paths.GroupBy(path => Path.GetExtension(path).ToLowerInvariant() is { Length: > 0 } extension ? extension : "without ending")
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}").ToArray();
        var summary = paths.Count > Named && severity == FindingSeverity.Note ? $" ({string.Join(", ", kinds.Take(Kinds))}{(kinds.Length > Kinds ? ", ..." : "")})" : "";
        Add(severity, folder, $"{paths.Count} {(paths.Count == 1 ? one : many)}{summary}: {string.Join(", ", names)}{(paths.Count > Named ? ", ..." : "")}.");
    }

    private void AddBalance(string folder, string split, int[] counts)
    {
        if (counts.Length == 0 || counts.Sum() == 0)
        {
            return;
        }

        var (fewest, most) = (Array.IndexOf(counts, counts.Min()), Array.IndexOf(counts, counts.Max()));
        if (counts[most] >= 2 * counts[fewest])
        {
            Add(FindingSeverity.Warning, folder, $"{split}: the classes are unequal: '{classNames[most]}' has {counts[most]} images, "
                + $"'{classNames[fewest]}' has {counts[fewest]}.");
        }
    }
}
