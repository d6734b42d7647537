using System.Formats.Tar;
using System.IO.Compression;

namespace DcpNas.Data;

/// <summary>Unpacks a <c>.tar.gz</c> that holds one folder.</summary>
internal static class ArchiveExtractor
{
    private const string Remedy = "Delete the archive and download it again.";

    /// <summary>Unpacks <c>inner/*</c> of the archive into <c>folder/inner</c>; nothing outside can be written.</summary>
    /// <param name="archive">The <c>.tar.gz</c> file.</param>
    /// <param name="inner">The one folder that the archive must hold.</param>
    /// <param name="folder">Where that folder is put.</param>
    /// <param name="cancellationToken">Stops; a half-unpacked folder is deleted.</param>
    /// <exception cref="InputException">The archive is damaged, or holds anything but plain files and folders below <paramref name="inner"/>.</exception>
    public static async Task ExtractAsync(string archive, string inner, string folder, CancellationToken cancellationToken)
    {
        var work = Directory.CreateDirectory(Path.Combine(folder, $".unpack-{Guid.NewGuid():n}")).FullName;
        try
        {
            var files = 0;
            using var gzip = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
            using var tar = new TarReader(gzip);
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
                {
                    continue;
                }

                var target = Target(archive, entry, inner, work);
                if (entry.EntryType is TarEntryType.Directory)
                {
                    Directory.CreateDirectory(target);
                    continue;
                }

                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await entry.ExtractToFileAsync(target, overwrite: false, cancellationToken).ConfigureAwait(false);
                files++;
            }

            if (files == 0)
            {
                throw InputException.InFile(archive, "its start", $"files in {inner}", "an empty archive", Remedy);
            }

            Directory.Move(Path.Combine(work, inner), Path.Combine(folder, inner));
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InputException($"{archive}: the archive is damaged: {error.Message} {Remedy}", error);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static string Target(string archive, TarEntry entry, string inner, string work)
    {
        var plain = entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.Directory;
        var target = Path.GetFullPath(Path.Combine(work, entry.Name));
        var root = Path.Combine(work, inner);
        var below = target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || (entry.EntryType is TarEntryType.Directory && target == root);
        return plain && below
            ? target
            : throw InputException.InFile(archive, $"entry '{entry.Name}'", $"a plain file or folder below {inner}/", $"{entry.EntryType}", Remedy);
    }
}
