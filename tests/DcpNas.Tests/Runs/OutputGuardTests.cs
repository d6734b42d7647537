using DcpNas.Runs;

namespace DcpNas.Tests.Runs;

public sealed class OutputGuardTests
{
    [Theory]
    [InlineData("run/best.safetensors", "is the network that is read ({0}/run/best.safetensors). Name another file.")]
    [InlineData("run/../run/./best.safetensors", "is the network that is read ({0}/run/best.safetensors). Name another file.")]
    [InlineData("soft", "is the network that is read ({0}/run/best.safetensors). Name another file.")]
    [InlineData("hard", "is the network that is read ({0}/run/best.safetensors). Name another file.")]
    [InlineData("linked/best.safetensors", "is the network that is read ({0}/run/best.safetensors). Name another file.")]
    [InlineData("run/last.safetensors", "is a file that the run in {0}/run needs (last.safetensors). Name another file.")]
    [InlineData("run/options.json", "is a file that the run in {0}/run needs (options.json). Name another file.")]
    [InlineData("other/checkpoint.safetensors", "is a file that the run in {0}/other needs (checkpoint.safetensors). Name another file.")]
    [InlineData("photos/train/cat/0.PNG", "is a file of the data in {0}/photos, which are read. Name another file.")]
    [InlineData("more/1.jpg", "is a file of the data in {0}/more, which are read. Name another file.")]
    public void File_ThatIsRead_IsRefused(string output, string message)
    {
        using var folder = Folder();
        var path = Path.Combine(folder.Path, output);
        foreach (var model in (string[])["run", "run/best.safetensors"])
        {
            var fault = Assert.Throws<InputException>(() => OutputGuard.File(path, Path.Combine(folder.Path, model), Path.Combine(folder.Path, "more")));
            Assert.Equal($"{path}: {message.Replace("{0}", folder.Path, StringComparison.Ordinal)}", fault.Message);
        }
    }

    [Theory]
    [InlineData("net.dcpnas")]
    [InlineData("run/net.dcpnas")]
    [InlineData("photos/net.dcpnas")]
    [InlineData("run/report.html")]
    [InlineData("elsewhere/best.safetensors")]
    public void File_OfNobody_IsAllowed(string output)
    {
        using var folder = Folder();
        OutputGuard.File(Path.Combine(folder.Path, output), Path.Combine(folder.Path, "run"), null, Path.Combine(folder.Path, "more"));
    }

    [Fact]
    public void File_WhoseTemporaryNameIsTheNetwork_IsRefused()
    {
        using var folder = Folder();
        var model = Path.Combine(folder.Path, "net.tmp");
        File.WriteAllText(model, "x");
        Assert.Contains("is the network that is read", Assert.Throws<InputException>(() => OutputGuard.File(Path.Combine(folder.Path, "net"), model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_AmongTheInputs_AreNamed()
    {
        using var folder = Folder();
        var (photo, link) = (Path.Combine(folder.Path, "photos/train/cat/0.PNG"), Path.Combine(folder.Path, "link.png"));
        File.CreateSymbolicLink(link, photo);
        Assert.Equal($"{link}: would replace {photo}, which is read. Name another folder.", Assert.Throws<InputException>(() => OutputGuard.Files([Path.Combine(folder.Path, "new.png"), link], [photo])).Message);
        OutputGuard.Files([Path.Combine(folder.Path, "new.png")], [photo, Path.Combine(folder.Path, "gone.png")]);
    }

    [Theory]
    [InlineData("photos", true)]
    [InlineData("photos/run", true)]
    [InlineData("photos/../photos/train/new/run", true)]
    [InlineData("link/run", true)]
    [InlineData("photos-run", false)]
    [InlineData(".", false)]
    public void Outside_AFolderThatIsRead_IsRefusedWithin(string output, bool isRefused)
    {
        using var folder = Folder();
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "link"), Path.Combine(folder.Path, "photos"));
        var (path, photos) = (Path.Combine(folder.Path, output), Path.Combine(folder.Path, "photos"));

        var fault = Record.Exception(() => OutputGuard.Outside(path, photos, "--run"));

        Assert.Equal(isRefused ? $"{path}: lies in {photos}, which is read and whose folders are classes. Name another folder with --run." : null, fault?.Message);
    }

    [Theory]
    [InlineData(null, "there is none", null)]
    [InlineData("mine", null, "a")] // a file, no record
    [InlineData("mine", "no JSON", "a")]
    [InlineData("mine", "[]", "a")]
    [InlineData("mine", """{"model": 1}""", "a")]
    [InlineData(null, """{"images": []}""", "record.json")]
    [InlineData("mine", """{"model": 1, "dataset": 2, "more": 3}""", null)]
    public void Foreign_WithoutTheRecordOfTheCommand_IsRefused(string? content, string? record, string? named)
    {
        using var folder = new TemporaryFolder();
        var (file, json) = (Path.Combine(folder.Path, "a"), Path.Combine(folder.Path, "record.json"));
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        if (record is not (null or "there is none"))
        {
            File.WriteAllText(json, record);
        }

        var fault = Record.Exception(() => OutputGuard.Foreign([json, file], json, "model", "dataset"));

        Assert.Equal(named is null, fault is null);
        Assert.EndsWith(named is null ? "" : ": is there, and no record.json of the same command beside it: it may be somebody else's. Name another folder.", fault?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("head: others", false)]
    [InlineData("hea", true)]
    [InlineData("", true)]
    [InlineData("other head: mine", true)]
    public void ForeignText_ThatBeginsOtherwise_IsRefused(string? text, bool isRefused)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "a.svg");
        if (text is not null)
        {
            File.WriteAllText(file, text);
        }

        var fault = Record.Exception(() => OutputGuard.ForeignText(file, "head: mine", 5));

        Assert.Equal(isRefused ? $"{file}: is there, and is another one than this command writes: it may be somebody else's. Name another folder." : null, fault?.Message);
    }

    private static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        foreach (var name in (string[])["run/best.safetensors", "run/last.safetensors", "other/options.json", "other/checkpoint.safetensors", "photos/train/cat/0.PNG", "photos/net.dcpnas", "more/1.jpg", "run/net.dcpnas", "run/report.html"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, name))!);
            File.WriteAllText(Path.Combine(folder.Path, name), "{}");
        }

        File.WriteAllText(Path.Combine(folder.Path, "run/options.json"), $$"""{"data": "{{folder.Path}}/photos"}""");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "soft"), Path.Combine(folder.Path, "run/best.safetensors"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "linked"), Path.Combine(folder.Path, "run"));
        using var made = System.Diagnostics.Process.Start("ln", [Path.Combine(folder.Path, "run/best.safetensors"), Path.Combine(folder.Path, "hard")]);
        made.WaitForExit();
        return folder;
    }
}
