using DcpNas.Data.Checks;
using DcpNas.Data.Detection;

namespace DcpNas.Data;

/// <summary>Looks through the data sets of a folder: every file, label and image, and reports all that is wrong at once.</summary>
/// <remarks>Opening data (<see cref="DatasetCatalog"/>) stops at the first fault and decodes no image of a folder; this reads everything.</remarks>
public static class DataCheck
{
    /// <summary>Checks every data set in a folder or up to three levels below; prints nothing.</summary>
    /// <param name="folder">Any folder.</param>
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

        var datasets = new List<CheckedDataset>();
        var years = new List<string>(); // of PASCAL VOC: checked with the folder that holds them
        foreach (var candidate in DatasetLocator.Candidates(folder))
        {
            if (!years.Contains(candidate) && VocReader.Years(candidate) is { Length: > 0 } found)
            {
                years.AddRange(found);
                datasets.Add(new DetectionCheck(DetectionDatasetNames.Voc, candidate).Run());
            }

            if (CocoReader.Find(candidate).Train is not null)
            {
                datasets.Add(new DetectionCheck(DetectionDatasetNames.Coco, candidate).Run());
            }

            datasets.AddRange(PersonCheck.Recognise(candidate).Select(kind => new PersonCheck(kind, candidate).Run()));
            foreach (var kind in DatasetLocator.Recognise(candidate))
            {
                datasets.Add(kind switch
                {
                    DatasetNames.Cifar10 => new CifarCheck(CifarFormat.Cifar10, kind, candidate, anyLength).Run(),
                    DatasetNames.Cifar100 => new CifarCheck(CifarFormat.Cifar100, kind, candidate, anyLength).Run(),
                    DatasetNames.Mnist => new MnistCheck(candidate).Run(),
                    _ => new ImageFolderCheck(candidate).Run(),
                });
            }
        }

        if (datasets.Count == 0 && ImageFolderReader.IsUnsplit(folder))
        {
            datasets.Add(ImageFolderCheck.RunUnsplit(folder)); // last: folders of other data hold folders of images too
        }

        return new DataCheckReport(folder, datasets, datasets.Count > 0 ? [] :
        [
            new(FindingSeverity.Error, folder, "no data set was recognised in it or below: expected the binary files of CIFAR-10 or CIFAR-100, "
                + $"the four files of MNIST, train/CLASS/* and val/CLASS/* or CLASS/* with {ImageBitmap.Formats} images, images with {LabelFile.PreferredName}, VOC2007/Annotations/*.xml with VOC2007/ImageSets/Main/*.txt, "
                + "annotations/instances_train2017.json with train2017/*.jpg, or bounding_box_train, query and bounding_box_test."),
        ]);
    }
}
