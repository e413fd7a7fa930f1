using System.Buffers;

namespace Aigc2d.ProviderAdapters.Clients;

/// <summary>What the clients of one route speak: how their calls are read and how they are told of errors.</summary>
internal interface IClientDialect
{
    /// <summary>Reads a call as far as every call is read; null with the member that is missing or malformed.</summary>
    ClientCall? Read(ReadOnlyMemory<byte> body, IHeaderDictionary headers, out string? faultyMember);

    /// <summary>An error as the body of an answer.</summary>
    /// <param name="error">What happened.</param>
    /// <param name="status">The answer's HTTP status.</param>
    /// <param name="requestId">The request id, for dialects that repeat it in the body.</param>
    byte[] ErrorBody(ClientError error, int status, Guid requestId);

    /// <summary>An error as the last frame of a stream.</summary>
    /// <param name="output">The stream.</param>
    /// <param name="error">What happened.</param>
    /// <param name="status">The HTTP status it would have had.</param>
    /// <param name="requestId">The request id, for dialects that repeat it in the body.</param>
    void WriteErrorFrame(IBufferWriter<byte> output, ClientError error, int status, Guid requestId);
}
