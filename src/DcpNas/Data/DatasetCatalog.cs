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

        var row = DatasetTable.Find(name) ?? throw new InputException($"Unknown data set '{name}'. Known data sets: {string.Join(", ", DatasetNames.All)}.");
        return DataFile.Reading(Searched(folder), () =>
        {
            var (train, test) = row.Read(row.Files.Count == 0 ? "" : Locate(row, folder), options);
            return new DatasetPair(train, test, row.Statistics ?? ChannelStatistics.Measure(train, MeasuredImages), row.Augmentation(train.Height));
        });
    }

    /// <summary>The folder that is searched for data.</summary>
    internal static string Searched(string? folder)
    {
        var searched = folder ?? Environment.GetEnvironmentVariable(FolderVariable);
        return string.IsNullOrEmpty(searched) ? DefaultFolder : searched;
    }

    private static string Locate(DatasetDescription row, string? folder)
    {
        var searched = Searched(folder);
        var closed = new List<string>();
        var found = DatasetLocator.Find(searched, row.Name, closed) ?? (row.IsLike?.Invoke(searched) == true ? searched : null);
        if (found is not null)
        {
            return found;
        }

        var problem = Directory.Exists(searched) || File.Exists(searched) ? $"no {row.Title} files in it or below" : "the folder does not exist";
        var remedy = row.Source is null
            ? "Name the folder that holds them with --data DIR."
            : $"Name the folder that holds them with --data DIR, or download them: dcpnas data download {row.Name} --data DIR.";
        throw new InputException($"{searched}: {problem} (expected {string.Join(", ", row.Files)}).{DatasetLocator.NotSearched(closed)} {remedy}");
    }
}
