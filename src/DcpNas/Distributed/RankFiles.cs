namespace DcpNas.Distributed;

/// <summary>Hands files of the run folder, which rank 0 alone writes, to the other ranks: each of them reads its own copy, so that no shared disk is needed.</summary>
public sealed class RankFiles : IDisposable
{
    private const int Chunk = 64 << 20;

    private RankFiles(string folder) => Folder = folder;

    /// <summary>A temporary folder with the copies; deleted with this.</summary>
    public string Folder { get; }

    /// <summary>Sends those of some files that exist; every other rank calls <see cref="Receive"/> with as many names.</summary>
    /// <param name="collective">The processes; with one, nothing is done.</param>
    /// <param name="folder">Where they are.</param>
    /// <param name="names">Their names.</param>
    public static void Send(ICollective collective, string folder, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(collective);
        ArgumentNullException.ThrowIfNull(names);
        if (collective.Ranks == 1)
        {
            return;
        }

        foreach (var path in names.Select(name => Path.Combine(folder, name)))
        {
            using var file = File.Exists(path) ? InputFile.OpenRead(path) : null;
            collective.Broadcast(BitConverter.GetBytes(file?.Length ?? -1L), Collective.LongPatience);
            var buffer = new byte[(int)Math.Min(Chunk, file?.Length ?? 0)];
            for (var left = file?.Length ?? 0; left > 0;)
            {
                var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
                file!.ReadExactly(part);
                collective.Broadcast(part, Collective.LongPatience);
                left -= part.Length;
            }
        }
    }

    /// <summary>Receives what rank 0 sends.</summary>
    /// <param name="collective">The processes.</param>
    /// <param name="names">The names of the files.</param>
    public static RankFiles Receive(ICollective collective, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(collective);
        ArgumentNullException.ThrowIfNull(names);
        var files = new RankFiles(Directory.CreateTempSubdirectory($"dcpnas-rank-{collective.Rank}-").FullName);
        foreach (var name in names)
        {
            var left = BitConverter.ToInt64(collective.Broadcast([], Collective.LongPatience));
            if (left < 0)
            {
                continue;
            }

            using var file = File.Create(Path.Combine(files.Folder, name));
            while (left > 0)
            {
                var part = collective.Broadcast([], Collective.LongPatience);
                file.Write(part);
                left -= part.Length;
            }
        }

        return files;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
