namespace DcpNas.Data.Checks;

/// <summary>Checks data without a check of their own: reads them as a training does, and says what ended that, or what is in them.</summary>
internal static class ReadingCheck
{
    /// <summary>Reads every image of a folder.</summary>
    /// <param name="row">The data set.</param>
    /// <param name="folder">The folder that holds its files.</param>
    public static CheckedDataset Run(DatasetDescription row, string folder)
    {
        try
        {
            var (train, test) = row.Read(folder, new DatasetOptions());
            var log = new CheckLog(train.ClassNames);
            Add(log, folder, train, test: false);
            Add(log, folder, test, test: true);
            string[] known = [.. row.FilesIn(folder).Select(Path.GetFileName).OfType<string>(), .. row.Companions];
            log.AddOddFiles(folder, known.Contains);
            return log.ToResult(row.Name, train.Name, folder, official: null);
        }
        catch (InputException fault)
        {
            var log = new CheckLog([]);
            log.Add(fault, row.FilesIn(folder).FirstOrDefault(file => fault.Message.StartsWith($"{file}: ", StringComparison.Ordinal), folder));
            return log.ToResult(row.Name, row.Title, folder, official: null);
        }
    }

    private static void Add(CheckLog log, string folder, IImageDataset images, bool test)
    {
        var pixels = new byte[images.BytesPerImage];
        for (var image = 0; image < images.Count; image++)
        {
            images.ReadPixels(image, pixels);
            log.AddImage(test, images.Label(image), $"{images.Width} x {images.Height}", folder, $"{(test ? "test" : "training")} image {image}", pixels);
        }
    }
}
