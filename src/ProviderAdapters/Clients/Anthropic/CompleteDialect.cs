using System.Buffers;
using Aigc2d.Contracts;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Anthropic's old text completions. Their first version told in each frame of a stream everything that had been said so far.</summary>
internal sealed class CompleteDialect : IClientDialect
{
    private const string FirstVersion = "2023-01-01";

    public ClientCall? Read(ReadOnlyMemory<byte> body, IHeaderDictionary headers, out string? faultyMember) =>
        AnthropicComplete.Read(body, headers[CallHeaders.AnthropicVersion] == FirstVersion, out faultyMember);

    public byte[] ErrorBody(ClientError error, int status, Guid requestId) => AnthropicErrorFormat.Body(error, status, requestId);

    public void WriteErrorFrame(IBufferWriter<byte> output, ClientError error, int status, Guid requestId) => AnthropicErrorFormat.WriteFrame(output, error, status, requestId);
}
