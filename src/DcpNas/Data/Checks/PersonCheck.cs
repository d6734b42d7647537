using DcpNas.Data.ReIdentification;

namespace DcpNas.Data.Checks;

/// <summary>Checks images of persons: lists them as a training does, then decodes every one.</summary>
/// <param name="kind">One of <see cref="PersonDatasetNames"/>.</param>
/// <param name="folder">The folder that the reader takes.</param>
internal sealed class PersonCheck(string kind, string folder)
{
    /// <summary>The names of the data sets whose files lie directly in a folder.</summary>
    /// <remarks>Market-1501, DukeMTMC-reID and the new split of CUHK03 have one layout; the name of the folder, or that of the one above it, tells them apart.</remarks>
    public static IEnumerable<string> Recognise(string folder)
    {
        var hasSplits = false;
        foreach (var name in PersonDatasetNames.All.Where(name => name.StartsWith("cuhk03", StringComparison.Ordinal) && File.Exists(Path.Combine(folder, Cuhk03Reader.SplitsFile(name)))))
        {
            hasSplits = true;
            yield return name;
        }

        if (!hasSplits && MarketReader.Folders.Any(part => part != MarketReader.Query && Directory.Exists(Path.Combine(folder, part))))
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            var name = $"{Path.GetFileName(Path.GetDirectoryName(full))}/{Path.GetFileName(full)}";
            yield return name.Contains("duke", StringComparison.OrdinalIgnoreCase) ? PersonDatasetNames.DukeMtmc
                : !name.Contains("cuhk03", StringComparison.OrdinalIgnoreCase) ? PersonDatasetNames.Market1501
                : name.Contains("labeled", StringComparison.OrdinalIgnoreCase) ? PersonDatasetNames.Cuhk03Labeled
                : PersonDatasetNames.Cuhk03Detected;
        }
    }

    /// <summary>Classes are persons; the splits are train, query and gallery.</summary>
    public CheckedDataset Run()
    {
        var log = new CheckLog([]);
        PersonDataset data;
        try
        {
            data = PersonDatasetCatalog.Open(kind, folder, new PersonDatasetOptions { CacheBytes = 0 });
        }
        catch (InputException error)
        {
            log.Add(error, folder);
            return log.ToResult(kind, kind, folder, official: null);
        }

        foreach (var warning in data.Warnings)
        {
            log.Add(FindingSeverity.Warning, folder, warning);
        }

        CheckedSplit[] splits = [Decode("train", data.Train), Decode("query", data.Query), Decode("gallery", data.Gallery)];
        if (data.MoreQueries is { } more)
        {
            Decode("more queries", more);
        }

        return log.ToResult(kind, data.Name, folder, PersonDatasetNames.IsClassic(kind) ? null : data.Warnings.Count == 0) with { ClassNames = data.Train.ClassNames, Splits = splits };

        CheckedSplit Decode(string name, IPersonImages images)
        {
            var counts = new int[images.ClassNames.Count];
            for (var index = 0; index < images.Count; index++)
            {
                var path = ((PersonFiles)images).PathOf(index);
                try
                {
                    var (width, height) = ImageDecoder.Verify(path);
                    log.AddImage(images != data.Train, [], $"{width} x {height}", path, null, DataFile.ReadAllBytes(path));
                    counts[images.Label(index)]++;
                }
                catch (InputException error)
                {
                    log.Add(error, path);
                }
            }

            return new CheckedSplit(name, counts.Sum(), counts);
        }
    }
}
