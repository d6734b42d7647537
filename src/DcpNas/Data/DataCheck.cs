using DcpNas.Data.Checks;
using DcpNas.Data.Detection;

namespace DcpNas.Data;

/// <summary>Looks through the data sets of a folder: every file, label and image, and reports all that is wrong at once.</summary>
/// <remarks>Opening data (<see cref="DatasetCatalog"/>) stops at the first fault and decodes no image of a folder; this reads everything.</remarks>
public static class DataCheck
{
    /// <summary>What is said of a folder that cannot be read.</summary>
    internal const string ClosedFolder = "cannot be read: what is in it was passed over.";

    private static readonly string Expected = "no data set was recognised in it or below: expected "
        + string.Concat(DatasetTable.All.Where(row => row.Files.Count > 0).Select(row => $"{row.Title} ({string.Join(", ", row.Files)}), "))
        + "VOC2007/Annotations/*.xml with VOC2007/ImageSets/Main/*.txt, annotations/instances_train2017.json with train2017/*.jpg, "
        + $"or bounding_box_train, query and bounding_box_test. Images are {ImageBitmap.Formats}.";

    /// <summary>Checks every data set in a folder or up to three levels below; prints nothing.</summary>
    /// <param name="folder">Any folder.</param>
    /// <exception cref="InputException">The folder, or one of a data set in it, may not be read.</exception>
    public static DataCheckReport Run(string folder) => Run(folder, anyLength: false);

    /// <inheritdoc cref="Run(string)"/>
    /// <param name="folder">Any folder.</param>
    /// <param name="anyLength">Whether CIFAR files may hold another number of images than the official ones; for tests.</param>
    internal static DataCheckReport Run(string folder, bool anyLength)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
        {
            return new DataCheckReport(folder, [], [new(FindingSeverity.Error, folder, "the folder does not exist.")]);
        }

        var closed = new List<string>();
        var datasets = DataFile.Reading(folder, () => Find(folder, closed).Select(found => Check(found.Kind, found.Folder, anyLength)).ToList());
        return new DataCheckReport(folder, datasets,
        [
            .. datasets.Count > 0 ? (DataFinding[])[] : [new(FindingSeverity.Error, folder, Expected)],
            .. closed.Select(path => new DataFinding(FindingSeverity.Warning, path, ClosedFolder)),
        ]);
    }

    /// <summary>The data sets in a folder or up to three levels below: their names in the catalogues, and where they are.</summary>
    /// <param name="folder">Any folder.</param>
    /// <param name="closed">Is given the folders below that cannot be read.</param>
    /// <exception cref="InputException">The folder itself cannot be read.</exception>
    internal static IReadOnlyList<(string Kind, string Folder)> Find(string folder, ICollection<string> closed) => DataFile.Reading(folder, () =>
    {
        var found = new List<(string Kind, string Folder)>();
        var years = new List<string>(); // of PASCAL VOC: they belong to the folder that holds them
        foreach (var candidate in DatasetLocator.Candidates(folder, closed))
        {
            if (!years.Contains(candidate) && VocReader.Years(candidate) is { Length: > 0 } own)
            {
                years.AddRange(own);
                found.Add((DetectionDatasetNames.Voc, candidate));
            }

            if (CocoReader.Find(candidate).Train is not null)
            {
                found.Add((DetectionDatasetNames.Coco, candidate));
            }

            found.AddRange(PersonCheck.Recognise(candidate).Concat(DatasetLocator.Recognise(candidate)).Select(kind => (kind, candidate)));
        }

        // last: folders of other data may look alike
        var alike = found.Count > 0 ? null : DatasetTable.All.FirstOrDefault(row => row.IsLike?.Invoke(folder) == true);
        return alike is null ? found : [(alike.Name, folder)];
    });

    /// <summary>Checks one data set.</summary>
    internal static CheckedDataset Check(string kind, string folder, bool anyLength) => kind switch
    {
        DetectionDatasetNames.Voc or DetectionDatasetNames.Coco => new DetectionCheck(kind, folder).Run(),
        _ when DatasetTable.Find(kind) is { } row => row.Check?.Invoke(kind, folder, anyLength) ?? ReadingCheck.Run(row, folder),
        _ => new PersonCheck(kind, folder).Run(),
    };
}
