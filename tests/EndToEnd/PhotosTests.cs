using System.Text.Json.Nodes;
using SkiaSharp;

namespace EndToEnd;

/// <summary>From a folder of photos to a packed model by one command.</summary>
public sealed class PhotosTests
{
    [Fact]
    public void Photos_OfTwoClasses_EndInAModelThatKnowsThem()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 7; i++)
        {
            ColourModel.Paint(folder[$"set/lime/{i}.png"], 40 + i, 36, SKColors.Lime, SKColors.Black);
            ColourModel.Paint(folder[$"set/red/{i}.jpg"], 36, 40 + i, SKColors.Red, SKColors.White);
        }

        string[] command = ["photos", "set", "--run", "run", "--image-size", "32", "--epochs", "2"];
        var result = Cli.Run(folder.Path, command).Ends(0);
        Assert.Contains("image folder set: 14 photos, 2 classes.\n", result.Error, StringComparison.Ordinal);
        Assert.Matches(@"The search takes about .* and .* of memory\.\n", result.Error);
        Assert.Contains("validation images select the best network", result.Error, StringComparison.Ordinal);
        Assert.Matches(@"accuracy  [0-9.]+ % of 2 test images \(image folder set \(2 of its 14 images held out as test images, seed 0\)\)\n", result.Output);
        Assert.Contains($"dcpnas predict {Path.Combine("run", "model.dcpnas")} PHOTO|DIR", result.Error, StringComparison.Ordinal);

        // The same command only prints what there is; the model reads photos.
        var again = JsonNode.Parse(Cli.Run(folder.Path, [.. command, "--json"]).Ends(0).Output)!;
        Assert.Equal((2, "image folder set (2 of its 14 images held out as test images, seed 0)"),
            (again["train"]!["results"]!["images"]!["test"]!.GetValue<int>(), again["train"]!["results"]!["dataset"]!.GetValue<string>()));
        Assert.Contains("images in folders of their class (lime ", Cli.Run(folder.Path, ["predict", Path.Combine("run", "model.dcpnas"), "set"]).Ends(0).Output, StringComparison.Ordinal);

        // Another training from this one, without a search.
        var second = Cli.Run(folder.Path, ["photos", "set", "--run", "second", "--image-size", "32", "--epochs", "1", "--backbone", Path.Combine("run", "train")]).Ends(0);
        Assert.DoesNotContain("Planning the search", second.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder["second"], "model.dcpnas")));

        // Of 3 photos a class, one tests, one selects and one is learned: the batches are as small as that.
        for (var i = 0; i < 30; i++)
        {
            ColourModel.Paint(folder[$"few/{i / 3}/{i % 3}.png"], 40 + i, 36, SKColors.Lime, SKColors.Black);
        }

        Cli.Run(folder.Path, ["photos", "few", "--run", "third", "--image-size", "32", "--epochs", "1", "--backbone", Path.Combine("run", "train")]).Ends(0);
    }

    [Fact]
    public void Photos_WithADamagedOne_NamesItBeforeAnythingBegins()
    {
        using var folder = new TemporaryFolder();
        ColourModel.Paint(folder["set/lime/1.png"], 8, 8, SKColors.Lime);
        ColourModel.Paint(folder["set/red/1.png"], 8, 8, SKColors.Red);
        File.WriteAllText(folder["set/red/2.jpg"], "no image");
        var error = Cli.Run(folder.Path, ["photos", "set", "--run", "run"]).Ends(2).Error;
        Assert.Contains("dcpnas: set: 1 fault must be mended first:\n  - set/red/2.jpg: at its start, expected a JPEG, PNG, WebP or BMP image but found", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
        Assert.Equal("dcpnas: set/run: lies in set, which is read and whose folders are classes. Name another folder with --run.\n", Cli.Run(folder.Path, ["photos", "set", "--run", "set/run"]).Ends(2).Error);
        Assert.False(Directory.Exists(folder["set/run"]));
        Assert.Contains("no-such-folder: the folder does not exist.", Cli.Run(folder.Path, ["photos", "no-such-folder"]).Ends(2).Error, StringComparison.Ordinal);
    }
}
