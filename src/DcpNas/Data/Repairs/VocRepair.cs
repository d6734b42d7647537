using DcpNas.Data.Detection;

namespace DcpNas.Data.Repairs;

/// <summary>Copies PASCAL VOC: annotations that can be read with images that can be decoded; lists without the others.</summary>
internal static class VocRepair
{
    private static readonly string[] Lists = ["trainval.txt", "train.txt", "val.txt", "test.txt"];

    /// <summary>Copies every year of a folder.</summary>
    public static void Run(string folder, RepairCopy copy)
    {
        var files = new FileNames();
        foreach (var year in VocReader.Years(folder))
        {
            foreach (var list in Lists.Select(name => Path.Combine(year, "ImageSets", "Main", name)).Where(File.Exists))
            {
                string[] lines = [];
                if (copy.CanUse(list, () => lines = TextInput.ReadLines(list)))
                {
                    CopyList(year, list, lines, files, copy);
                }
            }
        }
    }

    private static void CopyList(string year, string list, string[] lines, FileNames files, RepairCopy copy)
    {
        var kept = new List<string>();
        foreach (var name in lines.Select(line => VocReader.NameIn(year, line, files)).Where(name => name.Length > 0).Distinct(CanonicalName.Comparer))
        {
            if (copy.CanUse(Path.Combine(year, VocAnnotation.Folder, name + VocAnnotation.Extension), () =>
            {
                var annotation = VocAnnotation.Read(year, name, list, files, new AnnotationNotes());
                AnnotatedDataset.Verify(annotation.Image, annotation.Width, annotation.Height);
                copy.Copy(annotation.Path, copy.Place(Path.Combine(year, VocAnnotation.Folder, name + VocAnnotation.Extension)));
                copy.Copy(annotation.Image, copy.Place(annotation.Image));
            }))
            {
                kept.Add(name);
            }
        }

        if (kept.Count > 0)
        {
            copy.Write(copy.Place(list), string.Join('\n', kept) + "\n");
        }
        else
        {
            copy.Leave(list, "no image that it names can be used.");
        }
    }
}
