namespace DcpNas.Export;

/// <summary>What a network is exported as.</summary>
public enum ExportFormat
{
    /// <summary>A model file of the 1-bit runtime, written only after its proof.</summary>
    Packed,

    /// <summary>ONNX with standard operators in float32.</summary>
    Onnx,
}
