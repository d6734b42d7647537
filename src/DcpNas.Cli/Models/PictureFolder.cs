using DcpNas.Data.Detection;
using DcpNas.Inference;
using DcpNas.Runs;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>A folder that pictures with boxes are written to, each under the name of its image.</summary>
internal sealed class PictureFolder
{
    /// <summary>The file that holds the boxes of all images.</summary>
    public const string ResultFile = "detections.json";
    private readonly string _folder;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates the folder if it is not there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="images">The images that will be drawn on.</param>
    /// <param name="model">The network.</param>
    /// <exception cref="InputException">It cannot be written, or a picture would replace an image or the network.</exception>
    public PictureFolder(string folder, IReadOnlyList<string> images, string model)
    {
        _folder = folder;
        OutputGuard.Files([.. images.Select(PathOf), Path.Combine(folder, ResultFile)], [.. images, model]);
        _names.Clear();
        WriteProbe.CreateFolder(folder);
        if (!PictureFont.Exists)
        {
            Console.Error.WriteLine($"warning: no TrueType font in {string.Join(", ", PictureFont.Folders)}: the pictures have boxes without names. Install one (Debian: fonts-dejavu-core).");
        }
    }

    /// <summary>Draws the boxes on the image.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="InputException">It cannot be written.</exception>
    public string Draw(ImageResult image)
    {
        var path = PathOf(image.File);
        var png = BoxPicture.Png(image.Image!, [.. image.Boxes.Select(box => new PictureBox(Text($"{box.Label} {box.Score:0.00}"), box.Class, box.Left, box.Top, box.Right, box.Bottom))]);
        AtomicFile.Write(path, stream => stream.Write(png));
        return path;
    }

    /// <summary>The picture of an image: its name, with a number where another image has it.</summary>
    private string PathOf(string image)
    {
        var stem = Path.GetFileNameWithoutExtension(image);
        var name = stem;
        for (var number = 2; !_names.Add(name); number++)
        {
            name = $"{stem}-{number}";
        }

        return Path.Combine(_folder, $"{name}.png");
    }
}
