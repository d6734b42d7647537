namespace DcpNas.Data.Detection;

/// <summary>Opens data sets with boxes by name.</summary>
public static class DetectionDatasetCatalog
{
    /// <summary>Opens training and test images. Where the data have no test images, some training images become test images; the name says so.</summary>
    /// <param name="name">One of <see cref="DetectionDatasetNames"/>.</param>
    /// <param name="folder">The folder that holds the files, or one above it; null looks into <see cref="DatasetCatalog.FolderVariable"/>, then <see cref="DatasetCatalog.DefaultFolder"/>.</param>
    /// <param name="options">Sizes; null takes the defaults.</param>
    /// <exception cref="InputException">The name is unknown, the data are missing or damaged; says where and what to do.</exception>
    public static DetectionDatasetPair Open(string name, string? folder, DetectionDatasetOptions? options = null)
    {
        options ??= new DetectionDatasetOptions();
        var notes = new AnnotationNotes();
        return DataFile.Reading(DatasetCatalog.Searched(folder), () =>
        {
            switch (name)
            {
                case DetectionDatasetNames.Synthetic:
                    return new DetectionDatasetPair(
                        new SyntheticScenes(options.Seed, options.SyntheticTrainImages, options.SyntheticSide, test: false),
                        new SyntheticScenes(options.Seed, options.SyntheticTestImages, options.SyntheticSide, test: true), []);
                case DetectionDatasetNames.Voc:
                    var voc = Locate(folder, candidate => VocReader.Years(candidate).Length > 0, "VOC2007/Annotations/*.xml, VOC2007/ImageSets/Main/*.txt");
                    return Pair(VocReader.Read(voc, options.CacheBytes, notes), options, notes);
                case DetectionDatasetNames.Coco:
                    var coco = Locate(folder, candidate => CocoReader.Find(candidate).Train is not null, "annotations/instances_train2017.json, train2017/*.jpg");
                    return Pair(CocoReader.Read(coco, options.CacheBytes, notes), options, notes);
                default:
                    throw new InputException($"Unknown data set '{name}'. Known data sets with boxes: {string.Join(", ", DetectionDatasetNames.All)}.");
            }
        });
    }

    private static DetectionDatasetPair Pair((IDetectionDataset Train, IDetectionDataset? Test) read, DetectionDatasetOptions options, AnnotationNotes notes)
    {
        if (read.Test is { } test)
        {
            return new DetectionDatasetPair(read.Train, test, notes.Lines);
        }

        var (learn, judge) = DetectionSubset.Split(read.Train.Count, options.Seed, options.TestShare);
        var name = $"{read.Train.Name} ({judge.Count} of its {read.Train.Count} training images held out as test images)";
        return new DetectionDatasetPair(new DetectionSubset(read.Train, learn, name), new DetectionSubset(read.Train, judge, name), notes.Lines);
    }

    private static string Locate(string? folder, Func<string, bool> isThere, string expected)
    {
        var searched = DatasetCatalog.Searched(folder);
        var closed = new List<string>();
        if (DatasetLocator.Candidates(searched, closed).FirstOrDefault(isThere) is { } found)
        {
            return found;
        }

        var problem = Directory.Exists(searched) ? "no such data in it or below" : "the folder does not exist";
        throw new InputException($"{searched}: {problem} (expected {expected}).{DatasetLocator.NotSearched(closed)} Name the folder that holds them with --data DIR.");
    }
}
