
namespace DcpNas.Tests.Evaluation;

/// <summary>Files of others in the way of what an evaluation writes.</summary>
internal static class ForeignFiles
{
    /// <summary>Each of them is refused before the first image and stays as it is; beside a record of the command the files are its own, but none may be the checkpoint.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="model">The checkpoint.</param>
    /// <param name="names">The files that the evaluation writes; the first one is its record.</param>
    /// <param name="evaluate">Evaluates into the folder; is given what is called once images are read.</param>
    public static void AreRefused(string folder, string model, IReadOnlyList<string> names, Action<Action<int, int>> evaluate)
    {
        Directory.CreateDirectory(folder);
        foreach (var path in names.Select(name => Path.Combine(folder, name)))
        {
            foreach (var content in (string[])["mine", """{"images": [], "annotations": []}"""])
            {
                File.WriteAllText(path, content);
                Assert.Equal($"{path}: is there, and no {names[0]} of the same command beside it: it may be somebody else's. Name another folder.", Fault());
                Assert.Equal([path], Directory.GetFiles(folder));
                Assert.Equal(content, File.ReadAllText(path));
                File.Delete(path);
            }
        }

        File.WriteAllText(Path.Combine(folder, names[0]), """{"model": "a", "dataset": "b"}""");
        foreach (var name in names.Skip(1))
        {
            File.WriteAllText(Path.Combine(folder, name), "of an evaluation before");
        }

        Assert.Throws<OperationCanceledException>(() => evaluate((_, _) => throw new OperationCanceledException("Images are read: nothing is in the way.")));

        var bytes = File.ReadAllBytes(model);
        var temporary = Path.Combine(folder, names[^1]) + AtomicFile.TemporarySuffix;
        File.CreateSymbolicLink(temporary, model);
        Assert.Equal($"{Path.Combine(folder, names[^1])}: would replace {model}, which is read. Name another folder.", Fault());
        Assert.Equal(bytes, File.ReadAllBytes(model));
        Directory.Delete(folder, recursive: true);

        string Fault() => Assert.Throws<InputException>(() => evaluate((_, _) => Assert.Fail("Images were read."))).Message;
    }
}
