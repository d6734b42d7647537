namespace DcpNas.Data.ReIdentification;

/// <summary>Opens data sets for person re-identification by name.</summary>
public static class PersonDatasetCatalog
{
    private const int MeasuredImages = 500;

    /// <summary>Opens all parts of a data set.</summary>
    /// <param name="name">One of <see cref="PersonDatasetNames"/>.</param>
    /// <param name="folder">The folder that holds the files, or one above it; null looks where <see cref="DatasetCatalog"/> does.</param>
    /// <param name="options">Sizes; null takes the defaults.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">The name is unknown, the data are missing or damaged; says where and what to do.</exception>
    public static PersonDataset Open(string name, string? folder, PersonDatasetOptions? options = null)
    {
        options ??= new PersonDatasetOptions();
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("data options", problems);
        }

        return DataFile.Reading(DatasetCatalog.Searched(folder), () => name switch
        {
            PersonDatasetNames.Synthetic => Synthetic(options),
            PersonDatasetNames.Market1501 => MarketReader.Read(Locate(name, folder, "market1501", "Market-1501-v15.09.15", "Market-1501"), OfficialCounts.Market1501, options),
            PersonDatasetNames.DukeMtmc => MarketReader.Read(Locate(name, folder, "dukemtmc", "DukeMTMC-reID", "dukemtmc-reid"), OfficialCounts.DukeMtmc, options),
            _ when PersonDatasetNames.All.Contains(name) => Cuhk03(name, folder, options),
            _ => throw new InputException($"Unknown data set '{name}'.{Nearest.Hint(name, PersonDatasetNames.All)} Known data sets: {string.Join(", ", PersonDatasetNames.All)}."),
        });
    }

    /// <summary>All images of a folder and those below it as distractors of a gallery.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <exception cref="InputException">The folder holds no image or cannot be read.</exception>
    public static IPersonImages Distractors(string folder, int height, int width) => MarketReader.Distractors(folder, height, width, cacheBytes: 0);

    private static PersonDataset Synthetic(PersonDatasetOptions options)
    {
        var train = new SyntheticPersons(options, SyntheticPart.Train);
        return new PersonDataset(train.Name, train, new SyntheticPersons(options, SyntheticPart.Query), new SyntheticPersons(options, SyntheticPart.Gallery),
            ChannelStatistics.Measure(train, MeasuredImages), []);
    }

    private static PersonDataset Cuhk03(string name, string? folder, PersonDatasetOptions options)
    {
        var boxes = name.EndsWith("detected", StringComparison.Ordinal) ? "detected" : "labeled";
        var found = Locate(name, folder, "cuhk03", "CUHK03", "cuhk03-np", Path.Combine("cuhk03-np", boxes), boxes);
        return File.Exists(Path.Combine(found, Cuhk03Reader.SplitsFile(name)))
            ? Cuhk03Reader.Read(found, name, options)
            : MarketReader.Read(found, boxes == "detected" ? OfficialCounts.Cuhk03Detected : OfficialCounts.Cuhk03Labeled, options);
    }

    private static string Locate(string name, string? folder, params string[] below)
    {
        var searched = DatasetCatalog.Searched(folder);
        var isCuhk03 = name.StartsWith("cuhk03", StringComparison.Ordinal);
        var layouts = PersonDatasetNames.IsClassic(name) ? Cuhk03Reader.SplitsFile(name)
            : isCuhk03 ? $"{Cuhk03Reader.SplitsFile(name)}, or {string.Join(", ", MarketReader.Folders)}"
            : string.Join(", ", MarketReader.Folders);
        return below.Select(part => Path.Combine(searched, part)).Prepend(searched).FirstOrDefault(Holds)
            ?? throw new InputException($"{searched}: {(Directory.Exists(searched) ? "holds no such data set, nor do the usual folders in it" : "the folder does not exist")} (expected {layouts}). Name the folder that holds them with --data DIR.");

        bool Holds(string path) => (isCuhk03 && File.Exists(Path.Combine(path, Cuhk03Reader.SplitsFile(name))))
            || (!PersonDatasetNames.IsClassic(name) && MarketReader.Folders.Any(part => Directory.Exists(Path.Combine(path, part))));
    }
}
