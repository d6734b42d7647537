using DcpNas.Data.Detection;
using DcpNas.Data.Repairs;
using DcpNas.Native;

namespace DcpNas.Data;

/// <summary>Copies data without what cannot be used, so that the copy can be opened.</summary>
/// <remarks>
/// Nothing in the source is changed. Lists, tables and annotation files are written anew without what is left out; files of other forms cannot be repaired, only left out.
/// </remarks>
public static class DataRepair
{
    /// <summary>Copies every data set in a folder or up to three levels below.</summary>
    /// <param name="folder">Any folder.</param>
    /// <param name="target">A new or empty folder, neither in the other nor around it.</param>
    /// <exception cref="InputException">There is no data set, or the target cannot be used or written.</exception>
    public static DataRepairReport Run(string folder, string target)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentException.ThrowIfNullOrEmpty(target);
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder}: the folder does not exist. Name the folder of the data.");
        }

        if (FileIdentity.IsWithin(target, folder) || (Directory.Exists(target) && FileIdentity.IsWithin(folder, target)))
        {
            throw new InputException($"{target}: lies in {folder}, or around it, and would mix the copy with the data. Name a folder elsewhere.");
        }

        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new InputException($"{target}: is not empty. Name a new folder.");
        }

        var copy = new RepairCopy(folder, target);
        var closed = new List<string>();
        var sets = DataCheck.Find(folder, closed);
        if (sets.Count == 0)
        {
            throw new InputException($"{folder}: no data set was recognised in it or below.{DatasetLocator.NotSearched(closed)} See what is expected with dcpnas data check.");
        }

        foreach (var path in closed)
        {
            copy.Leave(path, DataCheck.ClosedFolder);
        }

        foreach (var (kind, place) in sets)
        {
            switch (kind)
            {
                case DetectionDatasetNames.Voc:
                    VocRepair.Run(place, copy);
                    break;
                case DetectionDatasetNames.Coco:
                    CocoRepair.Run(place, copy);
                    break;
                case var _ when DatasetTable.Find(kind) is { } row:
                    (row.Repair ?? ((from, to) => CopyWhole(row, from, to)))(place, copy);
                    break;
                default:
                    PersonRepair.Run(kind, place, copy);
                    break;
            }
        }

        return new DataRepairReport(folder, target, copy.Copied, copy.LeftOut);
    }

    private static void CopyWhole(DatasetDescription row, string folder, RepairCopy copy)
    {
        var faults = DataCheck.Check(row.Name, folder, anyLength: false).Findings
            .Where(finding => finding.Severity == FindingSeverity.Error).ToLookup(finding => finding.Path, finding => finding.Message);
        foreach (var path in row.FilesIn(folder).Concat(row.Companions.Select(file => Path.Combine(folder, file)).Where(File.Exists)))
        {
            if (faults[path].FirstOrDefault() is { } fault)
            {
                copy.Leave(path, $"{fault} The file cannot be repaired: download it again.");
            }
            else
            {
                copy.Copy(path, copy.Place(path));
            }
        }
    }
}

/// <summary>What a repaired copy of data holds, and what it lacks.</summary>
/// <param name="Folder">The folder that was copied.</param>
/// <param name="Target">The copy.</param>
/// <param name="Copied">Files in it.</param>
/// <param name="LeftOut">What could not be used, with the reason; in the order in which it was met.</param>
public sealed record DataRepairReport(string Folder, string Target, int Copied, IReadOnlyList<DataFinding> LeftOut);
