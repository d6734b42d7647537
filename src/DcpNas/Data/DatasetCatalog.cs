namespace DcpNas.Data;

/// <summary>Opens data sets by name.</summary>
public static class DatasetCatalog
{
    /// <summary>The environment variable that names the data folder where no option does.</summary>
    public const string FolderVariable = "DCPNAS_DATA";

    /// <summary>The data folder where neither an option nor <see cref="FolderVariable"/> names one, relative to the current folder.</summary>
    public const string DefaultFolder = ".data";

    private const int MeasuredImages = 1000;

    /// <summary>Opens training and test images.</summary>
    /// <param name="name">One of <see cref="DatasetNames"/>.</param>
    /// <param name="folder">The folder that holds the files, or one above it; null looks into <see cref="FolderVariable"/>, then <see cref="DefaultFolder"/>.</param>
    /// <param name="options">Sizes; null takes the defaults.</param>
    /// <exception cref="InputException">The name is unknown, the data are missing or damaged; says where and what to do.</exception>
    public static DatasetPair Open(string name, string? folder, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        var problems = options.Problems();
        if (problems.Count > 0)
        {
            throw new OptionsException("data options", problems);
        }

        return DataFile.Reading(Searched(folder), () => OpenNamed(name, folder, options));
    }

    private static DatasetPair OpenNamed(string name, string? folder, DatasetOptions options)
    {
        switch (name)
        {
            case DatasetNames.Synthetic:
                var synthetic = new SyntheticDataset(options.SyntheticSeed, options.SyntheticTrainImages, test: false);
                return new DatasetPair(synthetic, new SyntheticDataset(options.SyntheticSeed, options.SyntheticTestImages, test: true),
                    ChannelStatistics.Measure(synthetic, MeasuredImages), new AugmentationOptions { CropPadding = 4, HorizontalFlip = true });
            case DatasetNames.Cifar10:
                var (train10, test10) = CifarReader.Read(CifarFormat.Cifar10, Locate(name, folder, CifarFormat.Cifar10.Title, CifarFormat.Cifar10.AllFiles), options.AnyLength);
                return new DatasetPair(train10, test10, ChannelStatistics.Cifar10, AugmentationOptions.Cifar);
            case DatasetNames.Cifar100:
                var (train100, test100) = CifarReader.Read(CifarFormat.Cifar100, Locate(name, folder, CifarFormat.Cifar100.Title, CifarFormat.Cifar100.AllFiles), options.AnyLength);
                return new DatasetPair(train100, test100, ChannelStatistics.Cifar100, AugmentationOptions.Cifar);
            case DatasetNames.Mnist:
                var (trainMnist, testMnist) = MnistReader.Read(Locate(name, folder, MnistReader.OfficialName, MnistReader.Files.Select(file => file.File)));
                return new DatasetPair(trainMnist, testMnist, ChannelStatistics.Mnist, AugmentationOptions.Mnist);
            case DatasetNames.Folder:
                var (train, test) = ImageFolderReader.Read(Locate(name, folder, "image folder", ["train/CLASS/*.jpg", "val/CLASS/*.jpg", "CLASS/*.jpg", LabelFile.PreferredName]), options);
                return new DatasetPair(train, test, ChannelStatistics.Measure(train, MeasuredImages),
                    new AugmentationOptions { CropPadding = options.ImageSize / 8, HorizontalFlip = true });
            default:
                throw new InputException($"Unknown data set '{name}'. Known data sets: {string.Join(", ", DatasetNames.All)}.");
        }
    }

    /// <summary>The folder that is searched for data.</summary>
    internal static string Searched(string? folder)
    {
        var searched = folder ?? Environment.GetEnvironmentVariable(FolderVariable);
        return string.IsNullOrEmpty(searched) ? DefaultFolder : searched;
    }

    private static string Locate(string name, string? folder, string title, IEnumerable<string> files)
    {
        var searched = Searched(folder);
        var closed = new List<string>();
        var found = DatasetLocator.Find(searched, name, closed) ?? (name == DatasetNames.Folder && ImageFolderReader.IsUnsplit(searched) ? searched : null);
        if (found is not null)
        {
            return found;
        }

        var problem = Directory.Exists(searched) || File.Exists(searched) ? $"no {title} files in it or below" : "the folder does not exist";
        var remedy = name == DatasetNames.Folder
            ? "Name the folder that holds them with --data DIR."
            : $"Name the folder that holds them with --data DIR, or download them: dcpnas data download {name} --data DIR.";
        throw new InputException($"{searched}: {problem} (expected {string.Join(", ", files)}).{DatasetLocator.NotSearched(closed)} {remedy}");
    }
}
