using DcpNas.Data.Detection;

namespace DcpNas.Data.Checks;

/// <summary>Checks images with boxes: reads all annotations as a training does, then decodes every image.</summary>
/// <param name="kind">voc or coco.</param>
/// <param name="folder">The folder that the reader takes.</param>
internal sealed class DetectionCheck(string kind, string folder)
{
    /// <summary>Counts per class are images that show it.</summary>
    public CheckedDataset Run()
    {
        var notes = new AnnotationNotes();
        AnnotatedDataset train;
        AnnotatedDataset? test;
        try
        {
            (train, test) = kind == DetectionDatasetNames.Voc ? VocReader.Read(folder, 0, notes) : CocoReader.Read(folder, 0, notes);
        }
        catch (InputException error)
        {
            var unread = new CheckLog([]);
            unread.Add(error, folder);
            return unread.ToResult(kind, kind, folder, official: null);
        }

        var log = new CheckLog(train.ClassNames);
        foreach (var note in notes.Lines)
        {
            log.Add(FindingSeverity.Warning, folder, note);
        }

        Decode(log, train, isTest: false);
        if (test is null)
        {
            log.Add(FindingSeverity.Note, folder, "there are no test images: a training holds some of its images out for that.");
        }
        else
        {
            Decode(log, test, isTest: true);
        }

        return log.ToResult(kind, train.Name, folder, official: null, balance: false);
    }

    private void Decode(CheckLog log, AnnotatedDataset images, bool isTest)
    {
        var stored = new AnnotationNotes();
        for (var index = 0; index < images.Count; index++)
        {
            var path = images.PathOf(index);
            try
            {
                var image = images.Read(index);
                if (images.IsMeantAsStored(index))
                {
                    stored.Add("image is annotated as it is stored, sideways, and is learned like that", "images are annotated as they are stored, sideways, and are learned like that", path);
                }

                log.AddImage(isTest, images.Boxes(index).Select(box => box.Class).Distinct(), $"{image.Width} x {image.Height}", path, null, DataFile.ReadAllBytes(path));
            }
            catch (InputException error)
            {
                log.Add(error, path);
            }
        }

        foreach (var note in stored.Lines)
        {
            log.Add(FindingSeverity.Warning, folder, note);
        }
    }
}
