namespace DcpNas.Data;

/// <summary>One data set of a checked folder.</summary>
/// <param name="Kind">The name of the data set in the catalogue of its task: <c>cifar10</c>, <c>folder</c>, <c>voc</c>, <c>market1501</c>.</param>
/// <param name="Name">The honest name for reports.</param>
/// <param name="Folder">Where its files are.</param>
/// <param name="Official">Whether its files are the official ones; null where there are none, as for an image folder.</param>
/// <param name="ClassNames">One per label.</param>
/// <param name="Splits">Training and test images, in this order; of persons train, query and gallery.</param>
/// <param name="ImageSizes">How many images have which size, most frequent first; sizes as <c>width x height</c>.</param>
/// <param name="DuplicatesWithinTrain">Training images with the same content as an earlier training image.</param>
/// <param name="DuplicatesAcrossSplits">Test images with the same content as a training image.</param>
/// <param name="Findings">What is wrong or worth knowing, worst first.</param>
public sealed record CheckedDataset(
    string Kind,
    string Name,
    string Folder,
    bool? Official,
    IReadOnlyList<string> ClassNames,
    IReadOnlyList<CheckedSplit> Splits,
    IReadOnlyList<KeyValuePair<string, int>> ImageSizes,
    int DuplicatesWithinTrain,
    int DuplicatesAcrossSplits,
    IReadOnlyList<DataFinding> Findings);

/// <summary>The usable images of a split.</summary>
/// <param name="Name">"train" or "test"; of persons "train", "query" or "gallery".</param>
/// <param name="Count">Number of images.</param>
/// <param name="PerClass">Number of images of each label; of images with boxes, of those that show it.</param>
public sealed record CheckedSplit(string Name, int Count, IReadOnlyList<int> PerClass);
