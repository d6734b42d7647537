using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>Takes attributes and tensors of a node that is written.</summary>
/// <param name="json">At the place of the attributes.</param>
/// <param name="tensors">Filled.</param>
internal sealed class NodeSink(Utf8JsonWriter json, List<ModelTensor> tensors)
{
    /// <summary>The name under which the node is written.</summary>
    public string Node { get; set; } = "";

    public void Attribute(string key, int value) => json.WriteNumber(key, value);

    public void Attribute(string key, bool value) => json.WriteBoolean(key, value);

    public void Geometry(ConvolutionGeometry geometry)
    {
        Attribute("kernel", geometry.Kernel);
        Attribute("stride", geometry.Stride);
        Attribute("padding", geometry.Padding);
        Attribute("dilation", geometry.Dilation);
        Offset(geometry);
    }

    public void Offset(ConvolutionGeometry geometry)
    {
        if (geometry.Offset != 0)
        {
            Attribute("offset", geometry.Offset);
        }
    }

    public void Tensor(string slot, ReadOnlyMemory<float>? values, params int[] shape)
    {
        if (values is { } present)
        {
            tensors.Add(ModelTensor.Of(Key(slot), present.Span, shape));
        }
    }

    public void Tensor(string slot, ReadOnlyMemory<int>? values, params int[] shape)
    {
        if (values is { } present)
        {
            tensors.Add(ModelTensor.Of(Key(slot), present.Span, shape));
        }
    }

    public void Tensor(string slot, ReadOnlyMemory<ThresholdRule>? values, params int[] shape)
    {
        if (values is { } present)
        {
            tensors.Add(ModelTensor.Of(Key(slot), present.Span, shape));
        }
    }

    public void Signs(SignWeights weights)
    {
        Attribute("depthwise", weights.Depthwise);
        Attribute("in_channels", weights.InChannels);
        tensors.Add(ModelTensor.Of(Key("weight"), weights.Words.Span, weights.TensorShape));
    }

    private string Key(string slot) => $"{Node}.{slot}";
}
