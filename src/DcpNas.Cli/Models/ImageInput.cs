using DcpNas.Data;
using DcpNas.Runtime;

namespace DcpNas.Cli.Models;

/// <summary>Image files as the input of a packed model.</summary>
internal static class ImageInput
{
    /// <summary>Refuses a model that cannot read image files.</summary>
    /// <exception cref="InputException">It does not say how pixels become numbers, or reads other channels.</exception>
    public static void Check(ModelFile file)
    {
        if (file.Model.Info.Preprocessing is null)
        {
            throw new InputException($"{file.Path}: the model does not say how pixels become numbers (preprocessing). Export it again, or run it from a program that normalises images itself.");
        }

        if (file.Model.Graph.Input.Channels is not (1 or 3))
        {
            throw new InputException($"{file.Path}: the model reads {file.Model.Graph.Input.Channels} channels, but image files have 3 (or 1 as grey). Name another model.");
        }
    }

    /// <summary>Decodes a file and brings it to the size of the input as the model says.</summary>
    /// <exception cref="InputException">The file cannot be decoded.</exception>
    public static byte[] Read(PackedModel model, string file)
    {
        var (input, preprocessing) = (model.Graph.Input, model.Info.Preprocessing!);
        return preprocessing.Fit == ImageFit.Stretch
            ? ImageFiles.ReadStretched(file, input.Height, input.Width, input.Channels)
            : ImageFiles.Read(file, preprocessing.Resize, input.Height, input.Width, input.Channels);
    }
}
