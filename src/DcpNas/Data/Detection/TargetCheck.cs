namespace DcpNas.Data.Detection;

/// <summary>Finds, before any work, that there is nothing to learn or nothing to test on.</summary>
internal static class TargetCheck
{
    /// <summary>Looks for objects that are learned and demanded.</summary>
    /// <param name="source">What messages call the data.</param>
    /// <param name="train">Training images.</param>
    /// <param name="test">Test images; null where there are none of their own.</param>
    /// <param name="notes">Is told where nothing can be evaluated.</param>
    /// <exception cref="InputException">No training image has an object that is learned.</exception>
    public static void Run(string source, IDetectionDataset train, IDetectionDataset? test, AnnotationNotes notes)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(notes);
        if (Objects(train).FirstOrDefault() is null)
        {
            throw new InputException($"{source}: no training image has an object. Add annotations, or name another folder.");
        }

        if (!Objects(train).Any(box => box.IsTarget))
        {
            throw new InputException($"{source}: no training image has an object that is learned: {Kinds(train)}. Mark objects that are to be learned as neither, or name another folder.");
        }

        if (test is not null && !Objects(test).Any(box => box.IsTarget))
        {
            var why = Objects(test).Any() ? $" ({Kinds(test)})" : "";
            notes.Warn($"No test image has an object that is demanded{why}: average precision is undefined there (-1).");
        }
    }

    private static string Kinds(IDetectionDataset images) =>
        $"of {Objects(images).Count()}, {Objects(images).Count(box => box.Crowd)} are crowds, {Objects(images).Count(box => box.Difficult)} are difficult, {Objects(images).Count(box => !box.HasPixels)} are without a pixel";

    private static IEnumerable<LabelledBox> Objects(IDetectionDataset images) => Enumerable.Range(0, images.Count).SelectMany(images.Boxes);
}
